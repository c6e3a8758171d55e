<?php

function handler($event, $context, $more)
{
    return 1;
}
