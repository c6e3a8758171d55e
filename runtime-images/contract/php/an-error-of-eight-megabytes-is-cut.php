<?php

function handler($event, $context)
{
    throw new Exception(str_repeat('x', 8 << 20));
}
