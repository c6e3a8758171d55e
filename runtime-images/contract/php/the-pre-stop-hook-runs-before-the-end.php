<?php

function stop($context)
{
    echo 'stopping ' . $context->getFunctionName() . "\n";
}

function handler($event, $context)
{
    return 1;
}
