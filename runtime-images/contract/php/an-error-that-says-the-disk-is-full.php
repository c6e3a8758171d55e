<?php

function handler($event, $context)
{
    throw new RuntimeException('fwrite(): Write of 8192 bytes failed with errno=28 No space left on device');
}
