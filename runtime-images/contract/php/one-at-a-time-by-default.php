<?php

$running = 0;

function handler($event, $context)
{
    global $running;
    $running++;
    $most = $running;
    $running--;
    return $most;
}
