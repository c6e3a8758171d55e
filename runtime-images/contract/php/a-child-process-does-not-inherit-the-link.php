<?php

function handler($event, $context)
{
    return (string) shell_exec($event);
}
