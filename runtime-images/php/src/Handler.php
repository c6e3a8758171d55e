<?php

namespace Fungraph\Runtime;

/** A function of the user by its name `file.function`. */
final class Handler
{
    /** Absolute path. */
    public $file;

    private $role;
    private $module;
    private $name;

    /** @throws FunctionFault when the name has another form, or there is no such file */
    public function __construct(string $codeRoot, string $handler, string $role)
    {
        $dot = strrpos($handler, '.');
        if ($dot === false || $dot === 0 || $dot === strlen($handler) - 1) {
            $message = "$role '$handler' must have the form file.function, for example index.handler";
            throw new FunctionFault('FunctionConfigError', $message);
        }
        $this->role = $role;
        $this->module = substr($handler, 0, $dot) . '.php';
        $this->name = substr($handler, $dot + 1);
        $this->file = "$codeRoot/$this->module";
        if (!is_file($this->file)) {
            throw new FunctionFault('FunctionLoadError', "not found module './$this->module'");
        }
    }

    /** @throws FunctionFault when the included file does not define it */
    public function callable(): callable
    {
        if (is_callable($this->name)) {
            return $this->name;
        }
        $message = "$this->role '$this->name' not found in module './$this->module'";
        throw new FunctionFault('FunctionConfigError', $message);
    }
}
