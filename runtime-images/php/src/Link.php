<?php

namespace Fungraph\Runtime;

/** The instance's end of the link: a blocking socket, frames collected for one write. */
final class Link
{
    private const RECEIVE_BYTES = 64 * 1024;

    private static $nothing;

    private $socket;
    private $waiting = '';

    /** @param resource|\Socket $socket */
    private function __construct($socket)
    {
        $this->socket = $socket;
        socket_set_block($socket);
    }

    /** @throws \RuntimeException when the address has none of the three forms, or nobody is there */
    public static function open(string $address): self
    {
        if ($address === 'fd:0') {
            return self::adopt();
        }
        if (!preg_match('#^(unix|tcp):(.+)$#', $address, $parts)) {
            throw new \RuntimeException("FUNGRAPH_LINK must begin with fd:, unix: or tcp:, got $address");
        }
        $stream = @stream_socket_client("$parts[1]://$parts[2]", $code, $message);
        if ($stream === false) {
            throw new \RuntimeException("$address: $message");
        }
        $link = self::over($stream);
        if ($parts[1] === 'tcp') {
            socket_set_option($link->socket, SOL_TCP, TCP_NODELAY, 1);
        }
        return $link;
    }

    /**
     * The same socket as a descriptor that children do not inherit: only one that was sent can be had so. Closes the stream.
     *
     * @param resource $stream
     */
    public static function over($stream): self
    {
        socket_create_pair(AF_UNIX, SOCK_STREAM, 0, $pair);
        $rights = ['level' => SOL_SOCKET, 'type' => SCM_RIGHTS, 'data' => [$stream]];
        socket_sendmsg($pair[0], ['iov' => ['x'], 'control' => [$rights]], 0);
        $message = ['buffer_size' => 1, 'controllen' => socket_cmsg_space(SOL_SOCKET, SCM_RIGHTS, 1)];
        socket_recvmsg($pair[1], $message, MSG_CMSG_CLOEXEC);
        fclose($stream);
        return new self($message['control'][0]['data'][0]);
    }

    /** @return resource|\Socket for select */
    public function socket()
    {
        return $this->socket;
    }

    /** The next bytes; empty when the platform is gone. */
    public function receive(): string
    {
        do {
            $size = @socket_recv($this->socket, $chunk, self::RECEIVE_BYTES, 0);
        } while ($size === false && socket_last_error($this->socket) === SOCKET_EINTR);
        return $size === false ? '' : (string) $chunk;
    }

    /** The frame waits for `flush`. */
    public function add(string $frame): void
    {
        $this->waiting .= $frame;
    }

    public function send(string $frame): void
    {
        $this->waiting .= $frame;
        $this->flush();
    }

    /** Writes what waits; ends the process when nobody is there to read it. */
    public function flush(): void
    {
        $waiting = $this->waiting;
        $this->waiting = '';
        while ($waiting !== '') {
            $size = @socket_write($this->socket, $waiting);
            if ($size !== false) {
                $waiting = $size === strlen($waiting) ? '' : substr($waiting, $size);
            } elseif (socket_last_error($this->socket) !== SOCKET_EINTR) {
                posix_kill(getmypid(), SIGKILL);
            }
        }
    }

    public function close(): void
    {
        socket_close($this->socket);
    }

    /** Takes over standard input, where start.sh has put an inherited link. */
    private static function adopt(): self
    {
        $link = self::over(STDIN);
        // Takes the place, so that nothing that the code opens becomes standard input of its children.
        self::$nothing = fopen('/dev/null', 'r');
        return $link;
    }
}
