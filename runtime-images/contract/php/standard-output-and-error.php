<?php

function handler($event, $context)
{
    print("out 1\n");
    fwrite(STDERR, "err\n");
    echo 'begun ';
    fwrite(STDOUT, "and ended\n");
    echo "two\nlines\n";
    fwrite(STDERR, 'no newline');
}
