<?php

function handler($event, $context)
{
    $logger = $context->getLogger();
    $logger->info('request ' . $context->getRequestID() . ' of ' . $context->getFunctionName());
    $logger->warn($context->getRemainingTimeInMilliSeconds() . ' ms are left');
    echo "what is printed is logged too\n";
    return [
        'memoryMb' => $context->getMemorySize(),
        'hasRequestId' => $context->getRequestID() !== '',
        'hasTimeLeft' => $context->getRemainingTimeInMilliSeconds() > 0,
    ];
}
