<?php

class Context
{
    public function whose()
    {
        return 'mine';
    }
}
