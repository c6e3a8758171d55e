<?php

require 'not_there.php';

function handler($event, $context)
{
    return 1;
}
