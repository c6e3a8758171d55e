<?php

echo "loading\n";

function handler($event, $context)
{
    return 1;
}
