<?php

if (getenv('FAIL') === 'load') {
    throw new Exception('no load');
}

function init($context)
{
    if (getenv('FAIL') === 'init') {
        throw new Exception('no init');
    }
}

function fill()
{
    $file = fopen('/tmp/full', 'w');
    while (@fwrite($file, str_repeat('x', 1 << 20)) === 1 << 20);
    throw new Exception(error_get_last()['message']);
}

// Fails as the event says.
function handler($event, $context)
{
    switch ($event) {
        case 'fine':
            return 'fine';
        case 'code':
            throw new Exception('no code');
        case 'hang':
            while (true);
        case 'memory':
            return strlen(str_repeat('x', 1 << 30));
        case 'disk':
            return fill();
        case 'exit':
            exit(3);
        case 'signal':
            return posix_kill(getmypid(), SIGKILL);
        case 'large':
            return str_repeat('x', 6291457);
        case 'unserialisable':
            return INF;
    }
}
