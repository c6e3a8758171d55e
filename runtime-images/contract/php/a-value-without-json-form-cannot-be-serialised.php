<?php

function handler($event, $context)
{
    return fopen('php://memory', 'r');
}
