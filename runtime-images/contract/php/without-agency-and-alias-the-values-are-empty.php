<?php

function handler($event, $context)
{
    return [$context->getAccessKey(), $context->getToken(), $context->getAlias(), $context->getWorkflowID()];
}
