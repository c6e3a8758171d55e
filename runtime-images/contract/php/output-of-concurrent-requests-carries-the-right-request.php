<?php

function handler($event, $context)
{
    for ($i = 0; $i < 3; $i++) {
        echo "of $event\n";
        usleep(5000);
    }
    return $context->getRequestID();
}
