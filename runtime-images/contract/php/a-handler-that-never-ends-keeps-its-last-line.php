<?php

function handler($event, $context)
{
    echo "before the loop\n";
    while (true) {
    }
}
