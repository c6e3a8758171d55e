<?php

namespace Fungraph\Runtime;

/** The logger that $context->getLogger() gives: ISO time, request id, level, message. */
final class Logger
{
    private const LEVELS = [
        'debug' => Scope::DEBUG,
        'info' => Scope::INFO,
        'warn' => Scope::WARN,
        'warning' => Scope::WARN,
        'error' => Scope::ERROR,
    ];

    private $requestId;
    private $scope;
    private $least = Scope::DEBUG;

    public function __construct(string $requestId, ?Scope $scope)
    {
        $this->requestId = $requestId;
        $this->scope = $scope;
    }

    public function debug($message): void
    {
        $this->line(Scope::DEBUG, 'DEBUG', $message);
    }

    public function info($message): void
    {
        $this->line(Scope::INFO, 'INFO', $message);
    }

    public function log($message): void
    {
        $this->line(Scope::INFO, 'INFO', $message);
    }

    public function warn($message): void
    {
        $this->line(Scope::WARN, 'WARN', $message);
    }

    public function warning($message): void
    {
        $this->line(Scope::WARN, 'WARN', $message);
    }

    public function error($message): void
    {
        $this->line(Scope::ERROR, 'ERROR', $message);
    }

    /**
     * Lines below the level are not written: debug, info, warn or error.
     *
     * @throws \InvalidArgumentException for any other level
     */
    public function setLevel(string $level): void
    {
        if (!isset(self::LEVELS[strtolower($level)])) {
            throw new \InvalidArgumentException("setLevel takes debug, info, warn or error, got '$level'");
        }
        $this->least = self::LEVELS[strtolower($level)];
    }

    private function line(int $level, string $name, $message): void
    {
        if ($level < $this->least) {
            return;
        }
        $text = Clock::isoTime() . " $this->requestId $name " . self::text($message);
        if (!Output::isOurs()) {
            fwrite(STDERR, "$text\n");
            return;
        }
        $scope = $this->scope === null || $this->scope->finished ? Output::current() : $this->scope;
        $scope->log($level, $text);
    }

    private static function text($message): string
    {
        if (is_string($message) || is_int($message) || is_object($message) && method_exists($message, '__toString')) {
            return (string) $message;
        }
        $json = json_encode($message, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_PARTIAL_OUTPUT_ON_ERROR);
        return $json === false ? gettype($message) : $json;
    }
}
