<?php

$early = getenv('RUNTIME_FUNC_NAME');

function handler($event, $context)
{
    global $early;
    return [
        $early,
        $_ENV['MINE'],
        getenv('FUNGRAPH_TOKEN') === false && !isset($_ENV['FUNGRAPH_TOKEN'], $_SERVER['FUNGRAPH_TOKEN']),
        getenv('FUNGRAPH_LINK') === false && !isset($_ENV['FUNGRAPH_LINK'], $_SERVER['FUNGRAPH_LINK']),
    ];
}
