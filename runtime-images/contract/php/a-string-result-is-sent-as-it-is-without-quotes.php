<?php

function handler($event, $context)
{
    return '{"not": "encoded again"}';
}
