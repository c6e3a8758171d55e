<?php

function handler($event, $context)
{
    $context->getLogger()->info("greets {$event->name}");
    $headers = ['Content-Type' => 'text/plain'];
    return ['statusCode' => 200, 'headers' => $headers, 'body' => "Hello, {$event->name}!", 'isBase64Encoded' => false];
}
