"""The runtime protocol's frames (../../PROTOCOL.md), seen from the instance. Parses with Python 2.7 and 3."""
import struct

HELLO, LOAD, LOADED, INIT, INITIALIZED, INVOKE, RESULT = 1, 2, 3, 4, 5, 6, 7
ERROR, LOG, HEARTBEAT, ALIVE, STOP, STOPPED = 8, 9, 10, 11, 12, 13

HEADER = struct.Struct("<IBBHI")
HEADER_BYTES = HEADER.size
MAX_FRAME_BYTES = 6 * 1024 * 1024 + 64 * 1024

_RESULT = struct.Struct("<IBBHIII")
_ERROR = struct.Struct("<IBBHIIIH")
_LOG = struct.Struct("<IBBHIB")


def plain(kind, payload=b""):
    return HEADER.pack(len(payload), kind, 0, 0, 0) + payload


def result(call, micros, memory_kib, payload):
    return _RESULT.pack(8 + len(payload), RESULT, 0, 8, call, micros, memory_kib) + payload


def error(call, micros, memory_kib, failure):
    body = failure.body
    return _ERROR.pack(10 + len(body), ERROR, 0, 10, call, micros, memory_kib, failure.code) + body


def log(call, level, payload):
    return _LOG.pack(1 + len(payload), LOG, 0, 1, call, level) + payload


class FrameReader(object):
    """Cuts the stream into frames; bytes of a frame that is not whole yet are kept."""

    def __init__(self):
        self._rest = []
        self._gathered = 0
        self._wanted = HEADER_BYTES

    def push(self, chunk):
        """Returns a list of (type, call, buffer, head, payload, end) with offsets into buffer."""
        buffer = chunk
        if self._rest:
            self._rest.append(chunk)
            self._gathered += len(chunk)
            if self._gathered < self._wanted:
                return ()
            buffer = b"".join(self._rest)
            self._rest = []
        frames = []
        at = 0
        size = len(buffer)
        wanted = HEADER_BYTES
        while size - at >= HEADER_BYTES:
            length, kind, _, head_length, call = HEADER.unpack_from(buffer, at)
            if length > MAX_FRAME_BYTES:
                raise ValueError("a frame is too long")
            head = at + HEADER_BYTES
            if head + length > size:
                wanted = HEADER_BYTES + length
                break
            at = head + length
            frames.append((kind, call, buffer, head, head + head_length, at))
        self._wanted = wanted
        if at < size:
            self._rest = [buffer[at:]]
            self._gathered = size - at
        return frames
