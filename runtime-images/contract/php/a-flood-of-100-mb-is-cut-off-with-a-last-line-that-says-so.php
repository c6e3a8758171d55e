<?php

function handler($event, $context)
{
    $line = str_repeat('x', 64 * 1024 - 1) . "\n";
    for ($i = 0; $i < 1600; $i++) {
        echo $line;
    }
    return 'done';
}
