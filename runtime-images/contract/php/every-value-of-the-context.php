<?php

const NAMES = ['getRequestID', 'getFunctionName', 'getVersion', 'getPackage', 'getProjectID', 'getRunningTimeInSeconds',
    'getMemorySize', 'getCPUNumber', 'getAlias', 'getAccessKey', 'getSecretKey', 'getSecurityAccessKey',
    'getSecuritySecretKey', 'getSecurityToken', 'getToken', 'getWorkflowID', 'getWorkflowRunID', 'getWorkflowStateID'];

function handler($event, $context)
{
    return array_map(function ($name) use ($context) {
        return $context->$name();
    }, NAMES);
}
