<?php

function handler($event, $context)
{
    $context->getLogger()->info("timer $event->trigger_name at $event->time");
    // Do here what is to be done each time; the user event may say what.
    return ['timer' => $event->trigger_name, 'time' => $event->time, 'task' => $event->user_event];
}
