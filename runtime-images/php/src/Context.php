<?php

namespace Fungraph\Runtime;

/** What the handler gets as $context: one per request; what all requests share is in LOAD's message. */
final class Context
{
    /** @var array LOAD's message */
    public static $loaded;

    private $requestId;
    private $deadline;
    private $meta;
    private $scope;
    private $logger;

    public function __construct(string $requestId, float $deadline, array $meta, ?Scope $scope)
    {
        $this->requestId = $requestId;
        $this->deadline = $deadline;
        $this->meta = $meta;
        $this->scope = $scope;
    }

    public function getRequestID(): string
    {
        return $this->requestId;
    }

    public function getRemainingTimeInMilliSeconds(): int
    {
        return max(0, (int) (($this->deadline - Clock::now()) * 1000));
    }

    public function getAccessKey(): string
    {
        return self::credential('accessKey');
    }

    public function getSecretKey(): string
    {
        return self::credential('secretKey');
    }

    public function getSecurityAccessKey(): string
    {
        return self::credential('securityAccessKey');
    }

    public function getSecuritySecretKey(): string
    {
        return self::credential('securitySecretKey');
    }

    public function getSecurityToken(): string
    {
        return self::credential('securityToken');
    }

    public function getToken(): string
    {
        return self::credential('token');
    }

    /** Value of a plain or encrypted variable of the user; null when there is none. */
    public function getUserData(string $key): ?string
    {
        return self::$loaded['userData'][$key] ?? null;
    }

    public function getFunctionName(): string
    {
        return self::$loaded['function']['name'];
    }

    /** The timeout in seconds. */
    public function getRunningTimeInSeconds(): int
    {
        return (int) self::$loaded['function']['timeoutSeconds'];
    }

    public function getVersion(): string
    {
        return self::$loaded['function']['version'];
    }

    /** MB. */
    public function getMemorySize(): int
    {
        return self::$loaded['function']['memoryMb'];
    }

    /** Millicores. */
    public function getCPUNumber(): int
    {
        return self::$loaded['function']['cpuMillicores'];
    }

    public function getProjectID(): string
    {
        return self::$loaded['function']['projectId'];
    }

    public function getPackage(): string
    {
        return self::$loaded['function']['package'];
    }

    public function getLogger(): Logger
    {
        if ($this->logger === null) {
            $this->logger = new Logger($this->requestId, $this->scope);
        }
        return $this->logger;
    }

    public function getAlias(): string
    {
        return $this->meta['alias'] ?? '';
    }

    public function getWorkflowID(): string
    {
        return $this->meta['workflowId'] ?? '';
    }

    public function getWorkflowRunID(): string
    {
        return $this->meta['workflowRunId'] ?? '';
    }

    public function getWorkflowStateID(): string
    {
        return $this->meta['workflowStateId'] ?? '';
    }

    private static function credential(string $name): string
    {
        return self::$loaded['credentials'][$name] ?? '';
    }
}
