<?php

function handler($event, $context)
{
    return ['bytes' => "\xff\xfe"];
}
