<?php

function init($context)
{
    sleep(60);
}

function handler($event, $context)
{
    return 1;
}
