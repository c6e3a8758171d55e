<?php

function handler($event, $context)
{
    return 'hello ' . $event->name;
}
