<?php

function handler($event, $context)
{
    $before = $context->getRemainingTimeInMilliSeconds();
    usleep(60000);
    $after = $context->getRemainingTimeInMilliSeconds();
    return [$before <= 5000, $before > 3000, $before - $after >= 50];
}
