<?php

function handler($event, $context)
{
    $body = $event->body ?? '';
    $asked = [
        'method' => $event->httpMethod,
        'path' => $event->path,
        'query' => $event->queryStringParameters ?? new stdClass(),
        'body' => empty($event->isBase64Encoded) ? $body : base64_decode($body),
    ];
    $context->getLogger()->info("{$asked['method']} {$asked['path']}");
    return [
        'statusCode' => 200,
        'isBase64Encoded' => false,
        'headers' => ['Content-Type' => 'application/json'],
        'body' => json_encode($asked, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE),
    ];
}
