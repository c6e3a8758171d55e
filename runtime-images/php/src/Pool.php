<?php

namespace Fungraph\Runtime;

/**
 * Runs several requests at once: PHP runs one at a time in a process, so each gets a process.
 *
 * This process holds the link and passes frames on. Workers are forked when the first request needs them and before any code
 * of the user is here, so they share nothing that was not made to be shared; each loads the code and runs the initializer.
 */
final class Pool
{
    private $link;
    private $reader;
    private $message;
    private $most;
    /** @var Worker[] the first one answers for LOAD and INIT, and runs the pre-stop hook */
    private $workers = [];
    /** INVOKE frames that wait for a worker, each with the time it came. */
    private $queue;
    private $initializes = false;
    private $stopBy;
    /** Set in a child process: its end of the way to this one. */
    private $inside;

    /** @param array $message LOAD's */
    public function __construct(Link $link, FrameReader $reader, array $message)
    {
        $this->link = $link;
        $this->reader = $reader;
        $this->message = $message;
        $this->most = $message['concurrency'];
        $this->queue = new \SplQueue();
    }

    /** Returns in each worker, with its link; in the process that called it never. */
    public function serve(): Link
    {
        $this->fork();
        while ($this->inside === null) {
            $this->assign();
            if ($this->inside === null) {
                $this->link->flush();
                $this->await();
            }
        }
        return $this->inside;
    }

    private function await(): void
    {
        $frame = $this->reader->next();
        if ($frame !== null) {
            $this->fromPlatform($frame);
            return;
        }
        $sockets = ['link' => $this->link->socket()];
        foreach ($this->workers as $i => $worker) {
            $sockets[$i] = $worker->link->socket();
        }
        $none = null;
        $left = $this->stopBy === null ? null : max(0.0, $this->stopBy - Clock::now());
        $seconds = $left === null ? null : (int) $left;
        $count = @socket_select($sockets, $none, $none, $seconds, $left === null ? 0 : (int) (($left - $seconds) * 1e6));
        if ($count === 0) {
            $this->end();
        }
        if ($count > 0) {
            $this->receive(array_keys($sockets));
        }
    }

    private function receive(array $ready): void
    {
        $ended = [];
        foreach ($ready as $key) {
            if ($key === 'link') {
                $chunk = $this->link->receive();
                if ($chunk === '') {
                    $this->leave();
                }
                $this->reader->push($chunk);
                continue;
            }
            $worker = $this->workers[$key];
            $chunk = $worker->link->receive();
            if ($chunk === '') {
                $ended[] = $key;
                continue;
            }
            $worker->reader->push($chunk);
            while (($frame = $worker->reader->next()) !== null) {
                $this->fromWorker($key, $frame);
            }
        }
        $this->link->flush();
        foreach ($ended as $key) {
            $this->lost($key);
        }
    }

    private function fromPlatform(array $frame): void
    {
        [$type, , $head] = $frame;
        switch ($type) {
            case Frames::INVOKE:
                $this->queue->enqueue([Clock::now(), $frame]);
                return;
            case Frames::INIT:
                $this->initializes = true;
                $this->workers[0]->state = Worker::STARTING;
                $this->workers[0]->link->send(Frames::plain(Frames::INIT));
                return;
            case Frames::HEARTBEAT:
                $this->link->add(Frames::plain(Frames::ALIVE));
                return;
            case Frames::STOP:
                $this->stopBy = Clock::now() + unpack('V', $head)[1] / 1000;
                return;
        }
        throw new \UnexpectedValueException("a frame of type $type is not for an instance");
    }

    private function fromWorker(int $key, array $frame): void
    {
        [$type, $call, $head, $payload] = $frame;
        $worker = $this->workers[$key];
        switch ($type) {
            case Frames::LOADED:
                if ($key !== 0 && $this->initializes) {
                    $worker->link->send(Frames::plain(Frames::INIT));
                    return;
                }
                $worker->state = Worker::IDLE;
                break;
            case Frames::INITIALIZED:
            case Frames::RESULT:
                $worker->state = Worker::IDLE;
                break;
            case Frames::ERROR:
                if ($call === 0 && $key !== 0) {
                    // It has told the log why; the others go on, and no more are tried.
                    $worker->kill();
                    return;
                }
                $worker->state = $call === 0 ? Worker::STARTING : Worker::IDLE;
                break;
            case Frames::STOPPED:
                $this->end();
        }
        if ($key === 0 || $type === Frames::RESULT || $type === Frames::ERROR || $type === Frames::LOG) {
            $this->link->add(Frames::frame($type, $call, $head, $payload));
        }
        if ($type === Frames::LOG) {
            $this->link->flush();
        }
    }

    /** Gives waiting requests to idle workers, and forks one more when all have work. */
    private function assign(): void
    {
        $starting = 0;
        foreach ($this->workers as $worker) {
            if ($this->queue->isEmpty()) {
                break;
            }
            if ($worker->state === Worker::IDLE) {
                $worker->state = Worker::BUSY;
                $worker->link->send(self::delayed(...$this->queue->dequeue()));
            }
            $starting += $worker->state === Worker::STARTING ? 1 : 0;
        }
        if (count($this->queue) > $starting && count($this->workers) < $this->most) {
            $this->fork();
        } elseif ($this->stopBy !== null && $this->queue->isEmpty()) {
            $this->stopWhenDone();
        }
    }

    /** The INVOKE frame with the milliseconds that are left by now. */
    private static function delayed(float $since, array $frame): string
    {
        [$type, $call, $head, $payload] = $frame;
        $left = unpack('V', $head)[1] - (int) ((Clock::now() - $since) * 1000);
        return Frames::frame($type, $call, pack('V', max(0, $left)) . substr($head, 4), $payload);
    }

    private function stopWhenDone(): void
    {
        foreach ($this->workers as $worker) {
            if ($worker->state === Worker::BUSY) {
                return;
            }
        }
        $left = max(0, (int) (($this->stopBy - Clock::now()) * 1000));
        $this->workers[0]->state = Worker::BUSY;
        $this->workers[0]->link->send(Frames::frame(Frames::STOP, 0, pack('V', $left), ''));
    }

    private function fork(): void
    {
        $pair = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
        $process = pcntl_fork();
        if ($process === 0) {
            $this->link->close();
            foreach ($this->workers as $worker) {
                $worker->link->close();
            }
            fclose($pair[0]);
            $this->inside = Link::over($pair[1]);
            Output::adopt($this->inside);
            return;
        }
        fclose($pair[1]);
        $worker = new Worker(Link::over($pair[0]), $process);
        $worker->link->send(Frames::plain(Frames::LOAD, (string) json_encode($this->message)));
        $this->workers[] = $worker;
    }

    /** A worker has ended: by the code, which ends the instance as in any language, or because it could not start. */
    private function lost(int $key): void
    {
        $worker = $this->workers[$key];
        if ($worker->state === Worker::STARTING && $key !== 0) {
            unset($this->workers[$key]);
            $this->most = count($this->workers);
            return;
        }
        foreach ($this->workers as $other) {
            if ($other !== $worker) {
                $other->kill();
            }
        }
        $worker->follow();
    }

    private function end(): void
    {
        $this->link->send(Frames::plain(Frames::STOPPED));
        $this->leave();
    }

    private function leave(): void
    {
        foreach ($this->workers as $worker) {
            $worker->kill();
        }
        exit(0);
    }
}
