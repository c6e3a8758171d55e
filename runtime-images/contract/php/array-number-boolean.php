<?php

function handler($event, $context)
{
    return [$event, $event * 2, $event > 1];
}
