<?php

namespace Fungraph\Runtime;

/** Seconds that only grow, and the process's memory. */
final class Clock
{
    private const SAMPLE_EVERY = 0.25;
    private const PAGE_KIB = 4;

    private static $sampledAt = -1.0;
    private static $memoryKib = 0;

    public static function now(): float
    {
        return hrtime(true) / 1e9;
    }

    /** Resident memory in KiB, read at most every 250 ms. */
    public static function residentKib(float $at): int
    {
        if ($at - self::$sampledAt >= self::SAMPLE_EVERY) {
            self::$memoryKib = self::readKib();
            self::$sampledAt = $at;
        }
        return self::$memoryKib;
    }

    private static function readKib(): int
    {
        $statm = @file_get_contents('/proc/self/statm');
        if ($statm !== false) {
            return (int) explode(' ', $statm)[1] * self::PAGE_KIB;
        }
        $peak = getrusage()['ru_maxrss'];
        return PHP_OS_FAMILY === 'Darwin' ? intdiv($peak, 1024) : $peak;
    }

    /** UTC with milliseconds, as 2026-01-31T08:00:00.123Z. */
    public static function isoTime(): string
    {
        $wall = microtime(true);
        return gmdate('Y-m-d\TH:i:s', (int) $wall) . sprintf('.%03dZ', (int) ($wall * 1000) % 1000);
    }
}
