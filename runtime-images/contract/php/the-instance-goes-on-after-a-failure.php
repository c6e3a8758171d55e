<?php

function handler($event, $context)
{
    if ($event->bad) {
        throw new Exception('bad');
    }
    return 'good';
}
