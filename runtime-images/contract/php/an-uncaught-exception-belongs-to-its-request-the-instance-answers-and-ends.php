<?php

// What PHP cannot recover from ends the process; memory_limit is such a line.
function handler($event, $context)
{
    ini_set('memory_limit', '16M');
    return str_repeat('x', 64 * 1024 * 1024);
}
