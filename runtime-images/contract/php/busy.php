<?php

// Computes for as many milliseconds as the event says.
function handler($event, $context)
{
    $end = microtime(true) + $event / 1000;
    while (microtime(true) < $end) {
    }
}
