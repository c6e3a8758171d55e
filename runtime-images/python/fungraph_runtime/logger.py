"""The logger that context.getLogger() gives: ISO time, request id, level, message."""
from . import clock, output

_LEVELS = {
    "debug": output.DEBUG,
    "info": output.INFO,
    "warn": output.WARN,
    "warning": output.WARN,
    "error": output.ERROR,
}


class Logger(object):
    """Methods take a message and, as in the standard library, values for its % places."""

    def __init__(self, request_id, scope):
        self._request_id = request_id
        self._scope = scope
        self._least = output.DEBUG

    def debug(self, message, *values):
        self._write(output.DEBUG, "DEBUG", message, values)

    def info(self, message, *values):
        self._write(output.INFO, "INFO", message, values)

    log = info

    def warn(self, message, *values):
        self._write(output.WARN, "WARN", message, values)

    warning = warn

    def error(self, message, *values):
        self._write(output.ERROR, "ERROR", message, values)

    def setLevel(self, level):
        """Lines below the level are not written: debug, info, warn or error."""
        if str(level).lower() not in _LEVELS:
            raise ValueError("setLevel takes debug, info, warn or error, got %r" % (level,))
        self._least = _LEVELS[str(level).lower()]

    def _write(self, level, name, message, values):
        if level < self._least:
            return
        text = message % values if values else message
        scope = self._scope
        if scope is None or scope.finished:
            scope = output.current()
        scope.log(level, "%s %s %s %s" % (clock.iso_time(), self._request_id, name, text))
