<?php

namespace Fungraph\Runtime;

/** The time that a pre-stop hook has, kept by a child process: PHP's own timers count processor time or whole seconds. */
final class StopHook
{
    /** @param callable $leave called when the time is over, in the middle of the hook */
    public static function limit(float $seconds, callable $leave): void
    {
        $parent = getmypid();
        $child = pcntl_fork();
        if ($child === 0) {
            usleep((int) ($seconds * 1e6));
            if (posix_getppid() === $parent) {
                posix_kill($parent, SIGALRM);
            }
            posix_kill(getmypid(), SIGKILL);
        }
        pcntl_async_signals(true);
        pcntl_signal(SIGALRM, static function () use ($leave): void {
            $leave();
        });
        register_shutdown_function(static function () use ($parent, $child): void {
            if (getmypid() === $parent) {
                posix_kill($child, SIGKILL);
            }
        });
    }
}
