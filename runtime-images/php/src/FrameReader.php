<?php

namespace Fungraph\Runtime;

/** Cuts the stream into frames; bytes of a frame that is not whole yet are kept. */
final class FrameReader
{
    private $buffer = '';
    private $at = 0;
    private $wanted = Frames::HEADER_BYTES;
    /** Pieces of a frame that is larger than what came so far; joined once, when the last has come. */
    private $pieces = [];
    private $gathered = 0;

    public function push(string $chunk): void
    {
        if ($this->pieces === []) {
            $rest = substr($this->buffer, $this->at);
            $this->pieces = $rest === '' ? [] : [$rest];
            $this->gathered = strlen($rest);
        }
        $this->pieces[] = $chunk;
        $this->gathered += strlen($chunk);
        if ($this->gathered < $this->wanted) {
            $this->buffer = '';
        } else {
            $this->buffer = count($this->pieces) === 1 ? $chunk : implode('', $this->pieces);
            $this->pieces = [];
        }
        $this->at = 0;
    }

    /**
     * The next frame as [type, call, head, payload], or null when more bytes must come.
     *
     * @throws \UnexpectedValueException when the stream is no sequence of frames
     */
    public function next(): ?array
    {
        $this->wanted = Frames::HEADER_BYTES;
        if (strlen($this->buffer) - $this->at < Frames::HEADER_BYTES) {
            return null;
        }
        $header = unpack('Vlength/Ctype/Cflags/vhead/Vcall', $this->buffer, $this->at);
        $length = $header['length'];
        if ($length > Frames::MAX_BYTES || $header['head'] > $length) {
            throw new \UnexpectedValueException('a frame breaks the rules of PROTOCOL.md');
        }
        $this->wanted += $length;
        if (strlen($this->buffer) - $this->at < $this->wanted) {
            return null;
        }
        $from = $this->at + Frames::HEADER_BYTES;
        $this->at = $from + $length;
        $head = $header['head'];
        return [
            $header['type'],
            $header['call'],
            substr($this->buffer, $from, $head),
            substr($this->buffer, $from + $head, $length - $head),
        ];
    }
}
