<?php

/**
 * Entry of a PHP instance: greets the platform and then does what its frames say (../PROTOCOL.md).
 *
 * Parses with PHP 7.3. The user's files are included here, in the global scope, so that their variables are globals.
 */

namespace Fungraph\Runtime;

require __DIR__ . '/src/Clock.php';
require __DIR__ . '/src/Frames.php';
require __DIR__ . '/src/FrameReader.php';
require __DIR__ . '/src/Link.php';
require __DIR__ . '/src/Scope.php';
require __DIR__ . '/src/StreamCapture.php';
require __DIR__ . '/src/Output.php';
require __DIR__ . '/src/Logger.php';
require __DIR__ . '/src/Context.php';
require __DIR__ . '/src/FunctionFault.php';
require __DIR__ . '/src/Failure.php';
require __DIR__ . '/src/Handler.php';
require __DIR__ . '/src/Request.php';
require __DIR__ . '/src/StopHook.php';
require __DIR__ . '/src/Instance.php';

if (getenv('FUNGRAPH_LINK') === false) {
    fwrite(STDERR, "FUNGRAPH_LINK is missing: this program is started by the platform (see PROTOCOL.md)\n");
    exit(64);
}

Instance::start();
while (Instance::serve()) {
    try {
        require_once Instance::wanted();
        Instance::included();
    } catch (\Throwable $error) {
        Instance::failed($error);
    }
}
