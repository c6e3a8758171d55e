<?php

function handler($event, $context)
{
    return null;
}
