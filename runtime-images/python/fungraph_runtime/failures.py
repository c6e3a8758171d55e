"""Error bodies: JSON with four spaces, the code folder written as `.`."""
import errno

_STAGES = {
    "load": (4001, "function entry exception, error: "),
    "invoke": (4002, "function invocation exception, error: "),
    "result": (4007, "function result is invalid, error: "),
    "init": (4009, "function initialization exception, error: "),
}

# Inner code of whatever was raised because /tmp is full.
_DISK_FULL = 4207

# Errors are read by people, and must fit into a frame: characters of one text, and lines of a stack.
_MOST_CHARACTERS = 64 * 1024
_MOST_LINE = 4 * 1024
_MOST_LINES = 100


class FunctionFault(Exception):
    """A fault of the function's configuration, files or result, without a stack worth showing."""

    def __init__(self, kind, message):
        Exception.__init__(self, message)
        self.kind = kind


class Failure(object):
    """Inner code and body of an ERROR frame, and the line for the function's log."""

    code_root = ""

    def __init__(self, stage, error, trace=None):
        self.code, prefix = _STAGES[stage]
        if getattr(error, "errno", None) == errno.ENOSPC:
            self.code = _DISK_FULL
        message = _cut(_message_of(error), _MOST_CHARACTERS)
        kind = error.kind if isinstance(error, FunctionFault) else type(error).__name__
        lines = [] if isinstance(error, FunctionFault) else _cut_lines(_user_lines(trace))
        self.body = _body(prefix + message, kind, lines)
        self.log = _hide_folder("\n".join(["%s: %s" % (kind, message)] + lines))


class TooLarge(object):
    """The result has more bytes than it may."""

    code = 4004

    def __init__(self, size, limit):
        self.log = "response body size %d exceeds the limit of %d" % (size, limit)
        self.body = _body(_STAGES["result"][1] + self.log, "ResultTooLargeError", [])


def _body(message, kind, lines):
    # Only failures need them, and a start without a warm pool need not pay for it.
    import json
    from collections import OrderedDict

    body = OrderedDict([("errorMessage", message), ("errorType", kind), ("stackTrace", lines)])
    text = json.dumps(body, indent=4, separators=(",", ": "))
    return _hide_folder(text).encode("utf-8")


def _message_of(error):
    try:
        return str(error)
    except Exception:
        return "the raised value cannot be shown"


def _cut(text, most):
    return text[:most] + "..." if len(text) > most else text


def _cut_lines(lines):
    """Endless recursion would fill the log."""
    more = len(lines) - _MOST_LINES
    half = _MOST_LINES // 2
    kept = lines[:half] + ["... %d more" % more] + lines[-half:] if more > 0 else lines
    return [_cut(line, _MOST_LINE) for line in kept]


def _user_lines(trace):
    """Lines of the traceback from the first frame inside the code folder on."""
    import traceback

    entries = traceback.extract_tb(trace)
    inside = [entry[0].startswith(Failure.code_root) for entry in entries]
    first = inside.index(True) if True in inside else len(entries)
    text = "".join(traceback.format_list(entries[first:]))
    return [line.strip() for line in text.splitlines()]


def _hide_folder(text):
    return text.replace(Failure.code_root, ".") if Failure.code_root else text
