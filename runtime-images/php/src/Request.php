<?php

namespace Fungraph\Runtime;

/** One request from INVOKE to its RESULT or ERROR; what it prints belongs to it. */
final class Request extends Scope
{
    private const EVENT_DEPTH = 2048;

    /** @var callable */
    public static $handler;
    public static $maxBytes = 0;

    private $id;
    private $event;
    private $deadline;
    private $meta;
    private $began = 0.0;

    public function __construct(int $call, string $head, string $event)
    {
        parent::__construct($call);
        $fixed = unpack('Vleft/Csize', $head);
        $idEnd = 5 + $fixed['size'];
        $this->id = substr($head, 5, $fixed['size']);
        $this->deadline = Clock::now() + $fixed['left'] / 1000;
        $this->meta = strlen($head) > $idEnd ? json_decode(substr($head, $idEnd), true) : [];
        $this->event = $event;
        // Processor time, so that sleep is not cut short: ends a loop that outlives its platform.
        set_time_limit((int) ($fixed['left'] / 1000) + 2);
    }

    /** Adds RESULT or ERROR to the link; returns the seconds that it took. */
    public function run(): float
    {
        $this->began = Clock::now();
        try {
            $event = json_decode($this->event, false, self::EVENT_DEPTH, JSON_THROW_ON_ERROR);
        } catch (\JsonException $error) {
            $fault = new FunctionFault('UserFunctionError', "the event is not JSON: {$error->getMessage()}");
            return $this->fail(Failure::of(Failure::INVOKE, $fault));
        }
        $this->event = '';
        try {
            $data = (self::$handler)($event, new Context($this->id, $this->deadline, $this->meta, $this));
        } catch (\Throwable $error) {
            return $this->fail(Failure::of(Failure::INVOKE, $error));
        }
        try {
            $payload = self::payload($data);
        } catch (\Throwable $error) {
            return $this->fail(Failure::of(Failure::RESULT, $error));
        }
        $size = strlen($payload);
        if ($size > self::$maxBytes) {
            $message = "response body size $size exceeds the limit of " . self::$maxBytes;
            return $this->fail(Failure::of(Failure::TOO_LARGE, new FunctionFault('ResultTooLargeError', $message)));
        }
        $this->end();
        $now = Clock::now();
        $spent = $now - $this->began;
        self::$link->add(Frames::result($this->call, (int) ($spent * 1e6), Clock::residentKib($now), $payload));
        return $spent;
    }

    /** Adds ERROR to the link; returns the seconds since the handler began. */
    public function fail(Failure $failure): float
    {
        $this->log(self::ERROR, Clock::isoTime() . " $this->id ERROR $failure->log");
        $this->end();
        $now = Clock::now();
        $spent = $now - $this->began;
        self::$link->add(Frames::error($this->call, (int) ($spent * 1e6), Clock::residentKib($now), $failure));
        return $spent;
    }

    private function end(): void
    {
        Output::settle();
        $this->finish();
    }

    /** @throws \Throwable when the value has no JSON form */
    private static function payload($data): string
    {
        if (is_string($data)) {
            return $data;
        }
        if ($data === null) {
            return '';
        }
        if ($data instanceof \Generator) {
            throw new FunctionFault('TypeError', 'a generator has no JSON form; return iterator_to_array(...) of it');
        }
        if ($data instanceof \Closure) {
            throw new FunctionFault('TypeError', 'a function has no JSON form');
        }
        try {
            return json_encode($data, JSON_THROW_ON_ERROR | JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES);
        } catch (\JsonException $error) {
            throw new FunctionFault('JsonException', $error->getMessage());
        }
    }
}
