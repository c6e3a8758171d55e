"""Threads by the interpreter's own means: the `threading` module brings much along that a start need not pay for."""
try:
    from _thread import _local as local
    from _thread import allocate_lock as lock
    from _thread import start_new_thread
except ImportError:
    from thread import _local as local
    from thread import allocate_lock as lock
    from thread import start_new_thread

__all__ = ["local", "lock", "start"]


def start(work):
    """Runs work() in a thread that the end of the process does not wait for."""
    start_new_thread(work, ())
