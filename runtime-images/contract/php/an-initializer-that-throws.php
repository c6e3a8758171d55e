<?php

function init($context)
{
    throw new Exception('not ready');
}

function handler($event, $context)
{
    return 1;
}
