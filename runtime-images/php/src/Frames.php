<?php

namespace Fungraph\Runtime;

/** The runtime protocol's frames (../../PROTOCOL.md), seen from the instance. */
final class Frames
{
    public const HELLO = 1;
    public const LOAD = 2;
    public const LOADED = 3;
    public const INIT = 4;
    public const INITIALIZED = 5;
    public const INVOKE = 6;
    public const RESULT = 7;
    public const ERROR = 8;
    public const LOG = 9;
    public const HEARTBEAT = 10;
    public const ALIVE = 11;
    public const STOP = 12;
    public const STOPPED = 13;

    public const HEADER_BYTES = 12;
    public const MAX_BYTES = 6 * 1024 * 1024 + 64 * 1024;

    public static function plain(int $type, string $payload = ''): string
    {
        return self::frame($type, 0, '', $payload);
    }

    public static function frame(int $type, int $call, string $head, string $payload): string
    {
        $size = strlen($head);
        return pack('VCCvV', $size + strlen($payload), $type, 0, $size, $call) . $head . $payload;
    }

    public static function result(int $call, int $micros, int $memoryKib, string $payload): string
    {
        return pack('VCCvVVV', 8 + strlen($payload), self::RESULT, 0, 8, $call, $micros, $memoryKib) . $payload;
    }

    public static function error(int $call, int $micros, int $memoryKib, Failure $failure): string
    {
        return self::frame(self::ERROR, $call, pack('VVv', $micros, $memoryKib, $failure->code), $failure->body);
    }

    public static function log(int $call, int $level, string $payload): string
    {
        return pack('VCCvVC', 1 + strlen($payload), self::LOG, 0, 1, $call, $level) . $payload;
    }
}
