"""One request from INVOKE to its RESULT or ERROR."""
import struct
import sys

from . import clock, frames, output, values
from .context import Context
from .failures import Failure, FunctionFault, TooLarge

_HEAD = struct.Struct("<IB")
_text = type(u"")
_generator = type((lambda: (yield))())


class Request(output.Scope):
    """Runs the handler and writes the answer; what it prints belongs to it."""

    handler = None
    max_bytes = 0

    def __init__(self, call, buffer, head, payload, end):
        output.Scope.__init__(self, call)
        left, size = _HEAD.unpack_from(buffer, head)
        id_end = head + 5 + size
        self.request_id = buffer[head + 5 : id_end].decode("ascii")
        self.deadline = clock.now() + left / 1000.0
        self.meta = values.decode(buffer[id_end:payload].decode("utf-8")) if id_end < payload else None
        self.event = buffer[payload:end]

    def run(self):
        """Adds RESULT or ERROR to the link; returns the seconds that the handler took. Lets SystemExit pass."""
        began = clock.now()
        try:
            event = values.decode(self.event.decode("utf-8"))
        except (ValueError, RuntimeError) as error:
            # A RuntimeError says that it is nested too deep.
            fault = FunctionFault("UserFunctionError", "the event is not JSON: %s" % error)
            return self._fail(began, Failure("invoke", fault))
        self.event = None
        try:
            data = self.handler(event, Context(self.request_id, self.deadline, self.meta, self))
        except SystemExit:
            raise
        except BaseException as error:
            return self._fail(began, Failure("invoke", error, sys.exc_info()[2]))
        try:
            payload = _payload_of(data)
        except Exception as error:
            return self._fail(began, Failure("result", error))
        if len(payload) > self.max_bytes:
            return self._fail(began, TooLarge(len(payload), self.max_bytes))
        self.finish()
        now = clock.now()
        spent = now - began
        self.link.add(frames.result(self.call, int(spent * 1000000), clock.resident_kib(now), payload))
        return spent

    def _fail(self, began, failure):
        self.log(output.ERROR, "%s %s ERROR %s" % (clock.iso_time(), self.request_id, failure.log))
        self.finish()
        now = clock.now()
        self.link.add(frames.error(self.call, int((now - began) * 1000000), clock.resident_kib(now), failure))
        return now - began


def _payload_of(data):
    if isinstance(data, _text):
        return data.encode("utf-8")
    if data is None:
        return b""
    if str is bytes and isinstance(data, str):
        return data
    if isinstance(data, _generator):
        raise FunctionFault("TypeError", "a generator has no JSON form; return list(...) of it")
    text = values.encode(data)
    return text.encode("utf-8") if isinstance(text, _text) else text
