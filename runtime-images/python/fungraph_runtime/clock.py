"""Seconds that only grow, and the process's memory."""
import os
import sys
import time

_SAMPLE_EVERY = 0.25
_PAGE_KIB = os.sysconf("SC_PAGE_SIZE") // 1024

now = getattr(time, "perf_counter", time.time)

_sampled_at = -_SAMPLE_EVERY - now()
_memory_kib = 0


def resident_kib(at):
    """Resident memory in KiB, read at most every 250 ms."""
    global _sampled_at, _memory_kib
    if at - _sampled_at >= _SAMPLE_EVERY:
        _memory_kib = _read_kib()
        _sampled_at = at
    return _memory_kib


def _read_kib():
    try:
        with open("/proc/self/statm") as statm:
            return int(statm.read().split()[1]) * _PAGE_KIB
    except (IOError, OSError):
        import resource

        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak // 1024 if sys.platform == "darwin" else peak


def iso_time():
    """UTC with milliseconds, as 2026-01-31T08:00:00.123Z."""
    wall = time.time()
    return "%s.%03dZ" % (time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(wall)), int(wall * 1000) % 1000)
