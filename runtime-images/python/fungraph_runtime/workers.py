"""Threads for an instance that runs many requests at once."""
import sys
import threading

from . import output

try:
    from queue import Queue
except ImportError:
    from Queue import Queue


class Workers(object):
    """At most `count` threads, made when the first request needs them; requests beyond wait in arrival order."""

    def __init__(self, count, link, on_exit):
        self._count = count
        self._link = link
        self._on_exit = on_exit
        self._queue = Queue()
        self._threads = 0
        self._idle = 0
        self._lock = threading.Lock()

    def add(self, request):
        with self._lock:
            grow = self._idle <= self._queue.qsize() and self._threads < self._count
            self._threads += grow
        self._queue.put(request)
        if grow:
            thread = threading.Thread(target=self._work, name="fungraph-request")
            thread.daemon = True
            thread.start()

    def wait(self):
        """Returns when every request that was added has ended."""
        self._queue.join()

    def _work(self):
        give_event_loop()
        while True:
            with self._lock:
                self._idle += 1
            request = self._queue.get()
            with self._lock:
                self._idle -= 1
            output.enter(request)
            try:
                request.run()
            except SystemExit as leaving:
                self._on_exit(leaving)
            output.enter(None)
            self._link.flush()
            self._queue.task_done()


def give_event_loop():
    """Code that uses asyncio finds an event loop in whatever thread its handler runs, as in the main one."""
    asyncio = sys.modules.get("asyncio")
    if asyncio is not None:
        asyncio.set_event_loop(asyncio.new_event_loop())
