<?php

namespace Fungraph\Runtime;

/** Gives what the code prints, and what PHP warns of, to the request that runs. */
final class Output
{
    private const WARNINGS = [
        E_WARNING => 'Warning',
        E_NOTICE => 'Notice',
        E_DEPRECATED => 'Deprecated',
        E_USER_ERROR => 'Fatal error',
        E_USER_WARNING => 'Warning',
        E_USER_NOTICE => 'Notice',
        E_USER_DEPRECATED => 'Deprecated',
        E_RECOVERABLE_ERROR => 'Recoverable error',
    ];

    /** @var Scope what belongs to no request */
    public static $instance;
    /** @var Scope|null the running request */
    public static $request;

    private static $process;

    public static function install(Link $link): void
    {
        Scope::$link = $link;
        self::$instance = new Scope(0);
        self::$process = getmypid();
        StreamCapture::install(STDOUT, Scope::INFO);
        StreamCapture::install(STDERR, Scope::ERROR);
        set_error_handler([self::class, 'warn']);
        self::capture();
    }

    /** What runs after a fork speaks for itself with another link. */
    public static function adopt(Link $link): void
    {
        Scope::$link = $link;
        self::$process = getmypid();
    }

    /** Catches what is printed; again for each request, since code may end all output buffers. */
    public static function capture(): void
    {
        if (ob_get_level() === 0) {
            ob_start([self::class, 'take'], 1);
        }
    }

    /** Flushes the buffers that code has begun and not ended. */
    public static function settle(): void
    {
        while (ob_get_level() > 1) {
            ob_end_flush();
        }
    }

    public static function current(): Scope
    {
        $request = self::$request;
        return $request === null || $request->finished ? self::$instance : $request;
    }

    /** False in a child process that the code has forked: what that prints goes to the real output, never into the link. */
    public static function isOurs(): bool
    {
        return getmypid() === self::$process;
    }

    public static function take(string $text): string
    {
        if (!self::isOurs()) {
            return $text;
        }
        if ($text !== '') {
            self::current()->write(Scope::INFO, $text);
        }
        return '';
    }

    /** Logs a warning as PHP words it; false lets PHP go on as if nobody had looked. */
    public static function warn(int $severity, string $message, string $file, int $line): bool
    {
        if ((error_reporting() & $severity) !== 0 && self::isOurs()) {
            $kind = self::WARNINGS[$severity] ?? 'Warning';
            $text = Failure::hideFolder("PHP $kind:  $message in $file on line $line");
            self::current()->log(Scope::WARN, $text);
        }
        return false;
    }
}
