<?php

namespace Fungraph\Runtime;

/** A child process that runs one request at a time, as its parent sees it. */
final class Worker
{
    public const STARTING = 0;
    public const IDLE = 1;
    public const BUSY = 2;

    public $link;
    public $reader;
    public $state = self::STARTING;

    private $process;

    public function __construct(Link $link, int $process)
    {
        $this->link = $link;
        $this->reader = new FrameReader();
        $this->process = $process;
    }

    public function kill(): void
    {
        posix_kill($this->process, SIGKILL);
    }

    /** Ends this process as the worker ended. */
    public function follow(): void
    {
        pcntl_waitpid($this->process, $status);
        if (pcntl_wifsignaled($status)) {
            posix_kill(getmypid(), pcntl_wtermsig($status));
        }
        exit(pcntl_wexitstatus($status));
    }
}
