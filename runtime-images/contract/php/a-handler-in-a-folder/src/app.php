<?php

require 'dep.php';

function main($event, $context)
{
    return dep();
}
