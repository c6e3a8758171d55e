<?php

function handler($event, $context)
{
    echo "last words\n";
    posix_kill(getmypid(), SIGKILL);
}
