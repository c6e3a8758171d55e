"""Gives what the code prints to the request that printed it, also when requests run in many threads."""
import io
import os
import sys

from . import frames, threads

DEBUG, INFO, WARN, ERROR = 1, 2, 3, 4
_LINE_BYTES = 90 * 1024
# One call keeps 4 MiB of log; the last KiB is for the line that tells what was dropped.
_KEPT_BYTES = 4 * 1024 * 1024 - 1024

_local = threads.local()
# Set by install().
_process = 0


class Scope(object):
    """Log of one call: what it may still write, and the line it has begun."""

    link = None

    def __init__(self, call):
        self.call = call
        self.finished = False
        self.kept = 0
        self.dropped = 0
        self._begun = b""
        self._begun_level = INFO

    def log(self, level, text):
        """Writes one text of any length as LOG frames; they leave at once, so that a hanging request keeps its last line."""
        data = text if isinstance(text, bytes) else text.encode("utf-8", "backslashreplace")
        if os.getpid() != _process:
            # A forked child must not write into the stream that its parent owns.
            os.write(2 if level == ERROR else 1, data + b"\n")
            return
        at = 0
        while True:
            end = _cut(data, at)
            self.kept += end - at
            if self.kept <= _KEPT_BYTES:
                self.link.send(frames.log(self.call, level, data[at:end]))
            else:
                self.dropped += end - at
            at = end
            if at >= len(data):
                break

    def write(self, level, data):
        """Takes what a stream writes; a line goes out when its newline comes."""
        last = data.rfind(b"\n")
        if last >= 0:
            self.log(level, self._begun + data[:last])
            self._begun = b""
            data = data[last + 1 :]
        if data:
            self._begun += data
            self._begun_level = level
            if len(self._begun) > _LINE_BYTES:
                self.end_line()

    def end_line(self):
        begun, self._begun = self._begun, b""
        if begun:
            self.log(self._begun_level, begun)

    def finish(self):
        """Ends the call's log; later writes of its code belong to the instance."""
        if self._begun:
            self.end_line()
        if self.dropped:
            text = "%d bytes of log were dropped: one invocation keeps 4194304 bytes" % self.dropped
            self.link.send(frames.log(self.call, WARN, text.encode("ascii")))
        self.finished = True

    def renew(self):
        """The instance's log has the same limit as a call's, anew from each request on."""
        if self.kept:
            self.finish()
            self.finished = False
            self.kept = self.dropped = 0


def _cut(data, at):
    """End of the piece that begins at `at`, never inside a character."""
    end = at + _LINE_BYTES
    if end >= len(data):
        return len(data)
    while end > at + _LINE_BYTES - 4 and (bytearray(data[end : end + 1])[0] & 0xC0) == 0x80:
        end -= 1
    return end


instance = Scope(0)
# The running request of an instance that runs one at a time; its threads print for it too.
only = None


def enter(scope):
    _local.scope = scope


def current():
    """The scope of this thread's request, of the only running one, or the instance's."""
    scope = getattr(_local, "scope", None) or only
    return instance if scope is None or scope.finished else scope


class _Bytes(io.RawIOBase):
    def __init__(self, level):
        io.RawIOBase.__init__(self)
        self._level = level

    def writable(self):
        return True

    def write(self, data):
        data = bytes(data)
        current().write(self._level, data)
        return len(data)


class _Text(io.TextIOBase):
    """Stands for sys.stdout or sys.stderr."""

    encoding = "utf-8"
    errors = "backslashreplace"

    def __init__(self, level, descriptor):
        io.TextIOBase.__init__(self)
        self.buffer = _Bytes(level)
        self._descriptor = descriptor

    # Python 2's print statement keeps here whether a space is due: of each thread's own line.
    @property
    def softspace(self):
        return getattr(_local, "softspace", 0)

    @softspace.setter
    def softspace(self, value):
        _local.softspace = value

    def writable(self):
        return True

    def fileno(self):
        return self._descriptor

    def write(self, text):
        self.buffer.write(text if isinstance(text, bytes) else text.encode("utf-8", "backslashreplace"))
        return len(text)


def install(link):
    global _process
    _process = os.getpid()
    Scope.link = link
    sys.stdout = _Text(INFO, 1)
    sys.stderr = _Text(ERROR, 2)
