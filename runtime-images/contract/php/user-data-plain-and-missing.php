<?php

function handler($event, $context)
{
    return [$context->getUserData('KEY'), $context->getUserData('none') === null, $context->getUserData('count') === null];
}
