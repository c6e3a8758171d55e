<?php

namespace Fungraph\Runtime;

/** Inner code and body of an ERROR frame, and the line for the function's log. */
final class Failure
{
    public const LOAD = [4001, 'function entry exception, error: '];
    public const INVOKE = [4002, 'function invocation exception, error: '];
    public const TOO_LARGE = [4004, 'function result is invalid, error: '];
    public const RESULT = [4007, 'function result is invalid, error: '];
    public const INIT = [4009, 'function initialization exception, error: '];

    /** Inner code of whatever was raised because /tmp is full. */
    private const DISK_FULL = 4207;
    private const MOST_MESSAGE = 64 * 1024;
    private const MOST_LINES = 100;
    private const NO_SPACE = '/no space left on device|out of free disk space/i';

    public static $codeRoot = '';

    public $code;
    public $body;
    public $log;

    /** @param string[] $trace */
    private function __construct(array $stage, string $kind, string $message, array $trace)
    {
        [$this->code, $prefix] = $stage;
        if (strlen($message) > self::MOST_MESSAGE) {
            $message = substr($message, 0, self::MOST_MESSAGE) . '…';
        }
        if (preg_match(self::NO_SPACE, $message)) {
            $this->code = self::DISK_FULL;
        }
        $this->body = self::body($prefix . $message, $kind, $trace);
        $this->log = self::hideFolder(implode("\n", array_merge(["$kind: $message"], $trace)));
    }

    public static function of(array $stage, \Throwable $error): self
    {
        if ($error instanceof FunctionFault) {
            return new self($stage, $error->kind, $error->getMessage(), []);
        }
        return new self($stage, get_class($error), $error->getMessage(), self::userLines($error));
    }

    /** @param array $error what error_get_last() tells of an error that ended the script */
    public static function ofFatal(array $stage, array $error): self
    {
        $trace = ["thrown in {$error['file']} on line {$error['line']}"];
        return new self($stage, 'FatalError', $error['message'], $trace);
    }

    public static function hideFolder(string $text): string
    {
        return self::$codeRoot === '' ? $text : str_replace(self::$codeRoot, '.', $text);
    }

    /** The trace as PHP writes it, up to the last line of the user's code. */
    private static function userLines(\Throwable $error): array
    {
        $lines = [];
        foreach (explode("\n", $error->getTraceAsString()) as $line) {
            if (strpos($line, ' ' . self::$codeRoot . '/') === false && !preg_match('/^#\d+ \[internal/', $line)) {
                break;
            }
            $lines[] = $line;
        }
        // What recursion without an end leaves would fill the log.
        $more = count($lines) - self::MOST_LINES;
        if ($more > 0) {
            array_splice($lines, self::MOST_LINES / 2, $more, "… $more more");
        }
        while ($lines !== [] && strpos(end($lines), ' ' . self::$codeRoot . '/') === false) {
            array_pop($lines);
        }
        if (strpos($error->getFile(), self::$codeRoot . '/') === 0) {
            array_unshift($lines, "thrown in {$error->getFile()} on line {$error->getLine()}");
        }
        return $lines;
    }

    private static function body(string $message, string $kind, array $trace): string
    {
        $body = ['errorMessage' => $message, 'errorType' => $kind, 'stackTrace' => $trace];
        $options = JSON_PRETTY_PRINT | JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_INVALID_UTF8_SUBSTITUTE;
        return self::hideFolder((string) json_encode($body, $options));
    }
}
