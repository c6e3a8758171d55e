<?php

function handler($event, $context)
{
    $greeting = $context->getUserData('greeting') ?: 'Hello';
    return ['message' => $greeting . ', ' . ($event->name ?? 'world') . '!'];
}
