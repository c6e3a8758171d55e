<?php

function handler($event, $context)
{
    return str_repeat('é', $event);
}
