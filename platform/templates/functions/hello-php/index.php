<?php

function handler($event, $context)
{
    $name = $event->name ?? 'world';
    $context->getLogger()->info("greeting $name");
    return ['message' => "Hello, $name!"];
}
