<?php

function handler($event, $context)
{
    $ring = new stdClass();
    $ring->ring = $ring;
    return $ring;
}
