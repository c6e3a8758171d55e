<?php

function handler($event, $context)
{
    echo "last words\n";
    exit(3);
}
