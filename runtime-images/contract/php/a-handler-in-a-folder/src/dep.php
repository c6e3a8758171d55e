<?php

function dep()
{
    return 'dep';
}
