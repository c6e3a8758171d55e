<?php

function handler($event, $context)
{
    $child = pcntl_fork();
    if ($child === 0) {
        echo "from the child\n";
        exit(0);
    }
    pcntl_waitpid($child, $status);
    return 'parent';
}
