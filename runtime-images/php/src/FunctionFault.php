<?php

namespace Fungraph\Runtime;

/** A fault of the function's configuration, files or result, without a stack worth showing. */
final class FunctionFault extends \Exception
{
    /** What the error body says as errorType. */
    public $kind;

    public function __construct(string $kind, string $message)
    {
        parent::__construct($message);
        $this->kind = $kind;
    }
}
