<?php

function handler($event, $context)
{
    yield 1;
}
