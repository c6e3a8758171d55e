<?php

function handler($event, $context)
{
    return ['got' => $event];
}
