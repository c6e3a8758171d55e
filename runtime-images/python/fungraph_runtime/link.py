"""The instance's end of the link: a blocking socket, frames collected for one write."""
import os
import select
import socket
import threading
from collections import deque

# Larger would make each receive map fresh memory.
_RECEIVE_BYTES = 64 * 1024


class Link(object):
    """Frames of results wait in `add` until `flush`; any thread may use it."""

    def __init__(self, address):
        self._socket = _connect(address)
        self._lock = threading.Lock()
        self._waiting = deque()

    def receive(self):
        """The next bytes; empty when the platform is gone."""
        try:
            return self._socket.recv(_RECEIVE_BYTES)
        except (IOError, OSError):
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
                    self._socket.sendall(frames[0] if len(frames) == 1 else b"".join(frames))

    def send(self, frame):
        self._waiting.append(frame)
        self.flush()

    def end_with_platform(self):
        """Ends the process when the platform is gone, also while a handler runs."""
        watch = threading.Thread(target=self._watch, name="fungraph-link")
        watch.daemon = True
        watch.start()

    def _watch(self):
        if not hasattr(select, "poll"):
            return
        poll = select.poll()
        # No events asked for: only a hang-up wakes it.
        poll.register(self._socket.fileno(), 0)
        while True:
            try:
                if poll.poll():
                    break
            except (IOError, OSError, select.error):
                continue
        os._exit(0)


def _connect(address):
    if address.startswith("fd:"):
        descriptor = int(address[3:])
        opened = socket.fromfd(descriptor, socket.AF_UNIX, socket.SOCK_STREAM)
        os.close(descriptor)
    elif address.startswith("unix:"):
        opened = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        opened.connect(address[5:])
    elif address.startswith("tcp:"):
        host, port = address[4:].rsplit(":", 1)
        opened = socket.create_connection((host.strip("[]"), int(port)))
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    else:
        raise ValueError("FUNGRAPH_LINK must begin with fd:, unix: or tcp:, got %r" % address)
    # An inherited descriptor may be non-blocking, and children of the code must not inherit the link.
    opened.setblocking(True)
    _keep_from_children(opened.fileno())
    return opened


def _keep_from_children(descriptor):
    import fcntl

    flags = fcntl.fcntl(descriptor, fcntl.F_GETFD)
    fcntl.fcntl(descriptor, fcntl.F_SETFD, flags | fcntl.FD_CLOEXEC)
