<?php

$count = 0;

function init($context)
{
    global $count;
    echo "initializing\n";
    $count++;
}

function handler($event, $context)
{
    global $count;
    return $count;
}
