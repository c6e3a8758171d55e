<?php

function handler($event, $context)
{
    return strlen($event);
}
