<?php

namespace Fungraph\Runtime;

/** The life of the instance: what each frame of the platform does. */
final class Instance
{
    /** From this typical length of a handler on, finished results do not wait for the next handler. */
    private const SLOW_SECONDS = 0.0002;
    /** Share of the newest handler in what is typical: one that was merely interrupted is soon forgotten. */
    private const NEWEST = 0.125;

    /** @var self */
    private static $self;

    private $link;
    private $reader;
    private $typical = 0.0;
    /** LOAD's message. */
    private $loaded;
    /** The handler whose file bootstrap.php includes next, and what its error is a failure of. */
    private $wanted;
    private $stage = Failure::LOAD;
    private $inPool = false;

    public static function start(): void
    {
        $link = Link::open((string) getenv('FUNGRAPH_LINK'));
        $token = (string) getenv('FUNGRAPH_TOKEN');
        foreach (['FUNGRAPH_LINK', 'FUNGRAPH_TOKEN', 'PHP_INI_SCAN_DIR'] as $name) {
            putenv($name);
            unset($_ENV[$name], $_SERVER[$name]);
        }
        self::$self = new self($link);
        $hello = ['protocol' => 1, 'token' => $token, 'runtime' => 'php', 'version' => self::version(), 'pid' => getmypid()];
        $link->send(Frames::plain(Frames::HELLO, (string) json_encode($hello)));
        Output::install($link);
        register_shutdown_function([self::class, 'leave']);
    }

    /** Does what frames say until a file of the user is needed; false at the end. */
    public static function serve(): bool
    {
        return self::$self->untilFile();
    }

    public static function wanted(): string
    {
        return self::$self->wanted->file;
    }

    /** The file that serve() asked for is there. */
    public static function included(): void
    {
        self::$self->proceed();
    }

    /** The file that serve() asked for, or the function in it, failed. */
    public static function failed(\Throwable $error): void
    {
        self::$self->refuse($error);
    }

    /** The end of the process, whoever brings it: results that are finished are written, a fatal error is told. */
    public static function leave(): void
    {
        if (!Output::isOurs()) {
            return;
        }
        ini_set('memory_limit', '-1');
        $instance = self::$self;
        $error = error_get_last();
        $fatal = $error !== null && ($error['type'] & (E_ERROR | E_PARSE | E_CORE_ERROR | E_COMPILE_ERROR)) !== 0;
        $request = Output::$request;
        if ($fatal && $request !== null) {
            $request->fail(Failure::ofFatal(Failure::INVOKE, $error));
        } elseif ($fatal && $instance->wanted !== null) {
            $instance->tell(Failure::ofFatal($instance->stage, $error));
        } elseif ($request !== null) {
            Output::settle();
            $request->finish();
        }
        Output::$request = null;
        $instance->link->flush();
    }

    private function __construct(Link $link)
    {
        $this->link = $link;
        $this->reader = new FrameReader();
    }

    private function untilFile(): bool
    {
        while (true) {
            while (($frame = $this->reader->next()) !== null) {
                if ($this->handle($frame)) {
                    return true;
                }
            }
            $this->link->flush();
            $chunk = $this->link->receive();
            if ($chunk === '') {
                return false;
            }
            $this->reader->push($chunk);
        }
    }

    /** Returns true when a file must be included now. */
    private function handle(array $frame): bool
    {
        [$type, $call, $head, $payload] = $frame;
        switch ($type) {
            case Frames::INVOKE:
                $this->invoke(new Request($call, $head, $payload));
                return false;
            case Frames::LOAD:
                return $this->load($payload);
            case Frames::INIT:
                $this->stage = Failure::INIT;
                return $this->want($this->loaded['initializer']['handler'], 'initializer');
            case Frames::HEARTBEAT:
                $this->heartbeat();
                return false;
            case Frames::STOP:
                return $this->stop(unpack('V', $head)[1] / 1000);
        }
        throw new \UnexpectedValueException("a frame of type $type is not for an instance");
    }

    private function invoke(Request $request): void
    {
        Output::$instance->renew();
        Output::capture();
        // A finished result must not wait for a handler that may be long; where handlers are short, one write for many is faster.
        if ($this->typical > self::SLOW_SECONDS) {
            $this->link->flush();
        }
        Output::$request = $request;
        $spent = $request->run();
        Output::$request = null;
        $this->typical += ($spent - $this->typical) * self::NEWEST;
    }

    private function load(string $payload): bool
    {
        $message = json_decode($payload, true);
        if ($message['concurrency'] > 1 && !$this->inPool) {
            $this->inPool = true;
            require __DIR__ . '/Worker.php';
            require __DIR__ . '/Pool.php';
            // Comes back in child processes only, which go on with a link to this one.
            $this->link = (new Pool($this->link, $this->reader, $message))->serve();
            $this->reader = new FrameReader();
            return false;
        }
        $this->loaded = Context::$loaded = $message;
        $codeRoot = Failure::$codeRoot = $message['codeRoot'];
        Request::$maxBytes = $message['maxResponseBytes'];
        foreach ($message['environment'] as $key => $value) {
            putenv("$key=$value");
            $_ENV[$key] = $_SERVER[$key] = $value;
        }
        // The parent may be closed to the function's user; the code folder is not.
        @chdir(dirname($codeRoot)) || chdir($codeRoot);
        set_include_path($codeRoot . PATH_SEPARATOR . get_include_path());
        return $this->want($message['handler'], 'handler');
    }

    /** Returns true: the file of the handler must be included; false when there is none. */
    private function want(string $handler, string $role): bool
    {
        try {
            $this->wanted = new Handler($this->loaded['codeRoot'], $handler, $role);
            return true;
        } catch (FunctionFault $fault) {
            $this->refuse($fault);
            return false;
        }
    }

    private function proceed(): void
    {
        $callable = $this->wanted->callable();
        if ($this->stage === Failure::LOAD) {
            Request::$handler = $callable;
            $answer = Frames::LOADED;
        } elseif ($this->stage === Failure::INIT) {
            $callable(self::hookContext('initializer', $this->loaded['initializer']['timeoutSeconds']));
            $answer = Frames::INITIALIZED;
        } else {
            $callable(self::hookContext('pre-stop', $this->loaded['preStop']['timeoutSeconds']));
            $this->end();
        }
        Output::settle();
        $this->wanted = null;
        $this->link->send(Frames::plain($answer));
    }

    private static function hookContext(string $role, float $seconds): Context
    {
        return new Context($role, Clock::now() + $seconds, [], null);
    }

    private function refuse(\Throwable $error): void
    {
        if ($this->stage === Failure::INVOKE) {
            Output::$instance->log(Scope::ERROR, Failure::of(Failure::INVOKE, $error)->log);
            $this->end();
        }
        $this->tell(Failure::of($this->stage, $error));
    }

    private function tell(Failure $failure): void
    {
        $this->wanted = null;
        Output::$instance->log(Scope::ERROR, $failure->log);
        $this->link->send(Frames::error(0, 0, 0, $failure));
    }

    private function heartbeat(): void
    {
        // Before LOAD it comes to a spare instance, which has the time for what the first request would wait for.
        if ($this->loaded === null) {
            date_default_timezone_get();
            Clock::isoTime();
            Clock::residentKib(Clock::now());
            random_int(0, 1);
        }
        $this->link->send(Frames::plain(Frames::ALIVE));
    }

    private function stop(float $seconds): bool
    {
        $this->link->flush();
        $hook = $this->loaded['preStop'] ?? null;
        if ($hook === null) {
            $this->end();
        }
        StopHook::limit(min($seconds, $hook['timeoutSeconds']), function (): void {
            $this->end();
        });
        $this->stage = Failure::INVOKE;
        return $this->want($hook['handler'], 'pre-stop');
    }

    private function end(): void
    {
        Output::settle();
        Output::$instance->finish();
        $this->link->send(Frames::plain(Frames::STOPPED));
        exit(0);
    }

    private static function version(): string
    {
        return PHP_MAJOR_VERSION . '.' . PHP_MINOR_VERSION . '.' . PHP_RELEASE_VERSION;
    }
}
