<?php

namespace Fungraph\Runtime;

/** Log of one call: what it may still write, and the line it has begun. */
class Scope
{
    public const DEBUG = 1;
    public const INFO = 2;
    public const WARN = 3;
    public const ERROR = 4;

    private const LINE_BYTES = 90 * 1024;
    /** One call keeps 4 MiB of log; the last KiB is for the line that tells what was dropped. */
    private const KEPT_BYTES = 4 * 1024 * 1024 - 1024;

    /** @var Link */
    public static $link;

    public $call;
    public $finished = false;
    private $kept = 0;
    private $dropped = 0;
    private $begun = '';
    private $begunLevel = self::INFO;

    public function __construct(int $call)
    {
        $this->call = $call;
    }

    /** Writes one text of any length as LOG frames; they leave at once, so that a hanging request keeps its last line. */
    public function log(int $level, string $text): void
    {
        $at = 0;
        $size = strlen($text);
        do {
            $end = self::cut($text, $at, $size);
            $this->kept += $end - $at;
            if ($this->kept <= self::KEPT_BYTES) {
                self::$link->send(Frames::log($this->call, $level, substr($text, $at, $end - $at)));
            } else {
                $this->dropped += $end - $at;
            }
            $at = $end;
        } while ($at < $size);
    }

    /** Takes what is printed; a line goes out when its newline comes. */
    public function write(int $level, string $text): void
    {
        $last = strrpos($text, "\n");
        if ($last !== false) {
            $line = $this->begun . substr($text, 0, $last);
            $this->begun = '';
            $this->log($level, $line);
            $text = (string) substr($text, $last + 1);
        }
        if ($text === '') {
            return;
        }
        $this->begun .= $text;
        $this->begunLevel = $level;
        $size = strlen($this->begun);
        $full = 0;
        while ($size - $full > self::LINE_BYTES) {
            $full = self::cut($this->begun, $full, $size);
        }
        if ($full > 0) {
            $this->log($level, substr($this->begun, 0, $full));
            $this->begun = substr($this->begun, $full);
        }
    }

    /** Ends the call's log; later output of its code belongs to the instance. */
    public function finish(): void
    {
        $this->endLine();
        if ($this->dropped > 0) {
            $text = "$this->dropped bytes of log were dropped: one invocation keeps 4194304 bytes";
            self::$link->send(Frames::log($this->call, self::WARN, $text));
        }
        $this->finished = true;
    }

    /** The instance's log has the same limit as a call's, anew from each request on. */
    public function renew(): void
    {
        if ($this->kept > 0) {
            $this->finish();
            $this->finished = false;
            $this->kept = $this->dropped = 0;
        }
    }

    private function endLine(): void
    {
        if ($this->begun !== '') {
            $begun = $this->begun;
            $this->begun = '';
            $this->log($this->begunLevel, $begun);
        }
    }

    /** End of the piece that begins at `at`, never inside a character. */
    private static function cut(string $text, int $at, int $size): int
    {
        $end = $at + self::LINE_BYTES;
        if ($end >= $size) {
            return $size;
        }
        while ($end > $at + self::LINE_BYTES - 4 && (ord($text[$end]) & 0xC0) === 0x80) {
            $end--;
        }
        return $end;
    }
}
