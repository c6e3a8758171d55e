<?php

function deeper()
{
    throw new TypeError('boom');
}

function handler($event, $context)
{
    deeper();
}
