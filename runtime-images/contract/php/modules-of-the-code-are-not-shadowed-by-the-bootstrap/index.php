<?php

require 'Context.php';

function handler($event, $context)
{
    return (new Context())->whose();
}
