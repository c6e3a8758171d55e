<?php

class Odd extends Exception
{
}

function handler($event, $context)
{
    throw new Odd('x');
}
