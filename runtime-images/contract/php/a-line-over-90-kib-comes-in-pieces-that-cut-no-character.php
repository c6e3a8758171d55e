<?php

function handler($event, $context)
{
    echo str_repeat('é', 100000), "\n";
}
