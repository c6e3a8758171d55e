<?php

function handler($event, $context)
{
    return basename(__DIR__) === 'code' && realpath(getcwd()) === realpath(dirname(__DIR__)) ? 'code' : getcwd();
}
