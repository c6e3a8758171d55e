"""The instance's end of the link: a blocking socket, frames collected for one write."""
import errno
import fcntl
import os
import select

from . import threads

try:
    # The module around it takes longer to import than all of this.
    from _collections import deque
except ImportError:
    from collections import deque

# Larger would make each receive map fresh memory.
_RECEIVE_BYTES = 64 * 1024


class Link(object):
    """Frames of results wait in `add` until `flush`; any thread may use it."""

    def __init__(self, address):
        self._descriptor, self._owner = _open(address)
        _prepare(self._descriptor)
        self._lock = threads.lock()
        self._waiting = deque()

    def receive(self):
        """The next bytes; empty when the platform is gone."""
        while True:
            try:
                return os.read(self._descriptor, _RECEIVE_BYTES)
            except (IOError, OSError) as error:
                # Python 2 does not go on by itself after a signal.
                if error.errno != errno.EINTR:
                    return b""

    def add(self, frame):
        self._waiting.append(frame)

    def flush(self):
        """Writes what waits. Of many threads that come together, the first writes for all."""
        waiting = self._waiting
        while waiting:
            with self._lock:
                # Emptied one by one: others append meanwhile, and nothing of theirs may be lost.
                frames = [waiting.popleft() for _ in range(len(waiting))]
                if frames:
                    self._write(frames[0] if len(frames) == 1 else b"".join(frames))

    def _write(self, data):
        done = 0
        while done < len(data):
            try:
                # Nothing is copied where all goes out at once.
                done += os.write(self._descriptor, data[done:] if done else data)
            except (IOError, OSError) as error:
                if error.errno != errno.EINTR:
                    raise

    def send(self, frame):
        self._waiting.append(frame)
        self.flush()

    def end_with_platform(self):
        """Ends the process when the platform is gone, also while a handler runs."""
        threads.start(self._watch)

    def _watch(self):
        if not hasattr(select, "poll"):
            return
        poll = select.poll()
        # No events asked for: only a hang-up wakes it.
        poll.register(self._descriptor, 0)
        while True:
            try:
                if poll.poll():
                    break
            except (IOError, OSError, select.error):
                continue
        os._exit(0)


def _open(address):
    """The descriptor of the stream, and whatever must live as long."""
    if address.startswith("fd:"):
        return int(address[3:]), None
    # A link that is inherited needs none of it.
    import socket

    if address.startswith("unix:"):
        opened = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        opened.connect(address[5:])
    elif address.startswith("tcp:"):
        host, port = address[4:].rsplit(":", 1)
        opened = socket.create_connection((host.strip("[]"), int(port)))
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    else:
        raise ValueError("FUNGRAPH_LINK must begin with fd:, unix: or tcp:, got %r" % address)
    return opened.fileno(), opened


def _prepare(descriptor):
    """An inherited descriptor may be non-blocking, and children of the code must not inherit the link."""
    flags = fcntl.fcntl(descriptor, fcntl.F_GETFL)
    fcntl.fcntl(descriptor, fcntl.F_SETFL, flags & ~os.O_NONBLOCK)
    flags = fcntl.fcntl(descriptor, fcntl.F_GETFD)
    fcntl.fcntl(descriptor, fcntl.F_SETFD, flags | fcntl.FD_CLOEXEC)
