<?php

function stop($context)
{
    sleep(60);
}

function handler($event, $context)
{
    return 1;
}
