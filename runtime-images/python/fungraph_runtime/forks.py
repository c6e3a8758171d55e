"""A fork server: starts instances as copies of a process that has imported everything (docs/decisions/0023).

It runs as root in a world like the instances' own, without any function in it, and takes lines of the platform:

    fork PROCESS TOKEN    an instance in the namespaces of PROCESS, with its descriptors 1 to 3
      forked PROCESS CHILD      the descriptors are taken; CHILD is the instance's process id
      refused PROCESS REASON    nothing was started; REASON is the name of an error number
    ended CHILD STATUS    told when an instance ends; above 128 the status is 128 + the signal

PROCESS is a process id and the time when it started, 815-120934: ids come around again, and what has another's must not be entered.
"""
import ctypes
import errno
import fcntl
import gc
import os
import select
import signal
import sys

from .preload import preload

_USER = 1003
# System calls that the C library may not know; they have these numbers on every architecture.
_PIDFD_OPEN, _PIDFD_GETFD = 434, 438
_NEWNS, _NEWUTS, _NEWIPC, _NEWPID, _NEWNET = 0x20000, 0x4000000, 0x8000000, 0x20000000, 0x40000000
_SET_DUMPABLE = 4
_CAPABILITIES_VERSION = 0x20080522

_c = ctypes.CDLL(None, use_errno=True)


def serve(control):
    """Forks until the platform is gone; returns only in a child that is to become an instance, with its token."""
    server = _Server(control)
    preload()
    _inherit_nothing()
    gc.collect()
    if hasattr(gc, "freeze"):
        # What is never collected is never written to, and stays shared.
        gc.freeze()
    server.tell("ready")
    return server.run()


class _Server(object):
    def __init__(self, control):
        self._control = control
        self._own = os.open("/proc/self/ns/pid", os.O_RDONLY)
        self._woken, waker = os.pipe()
        for end in (self._woken, waker):
            fcntl.fcntl(end, fcntl.F_SETFL, fcntl.fcntl(end, fcntl.F_GETFL) | os.O_NONBLOCK)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        signal.set_wakeup_fd(waker)

    def tell(self, line):
        os.write(self._control, (line + "\n").encode("utf-8"))

    def run(self):
        begun = b""
        while True:
            try:
                readable = select.select([self._control, self._woken], [], [])[0]
            except (IOError, OSError, select.error):
                # Python 2 does not go on by itself after a signal.
                readable = [self._woken]
            if self._woken in readable:
                self._reap()
            if self._control in readable:
                chunk = os.read(self._control, 65536)
                if not chunk:
                    os._exit(0)
                lines = (begun + chunk).decode("ascii").split("\n")
                begun = lines.pop().encode("ascii")
                for line in lines:
                    _, process, token = line.split(" ")
                    if self._fork(process) == 0:
                        return token

    def _fork(self, process):
        """As os.fork(): 0 in the child, which is where it belongs then."""
        opened = []
        try:
            number, started = process.split("-")
            opened.append(_call(_c.syscall, _PIDFD_OPEN, int(number), 0))
            # What is open now cannot become another.
            if _started(number) != started:
                raise OSError(errno.ESRCH, os.strerror(errno.ESRCH))
            for stream in (1, 2, 3):
                opened.append(_call(_c.syscall, _PIDFD_GETFD, opened[0], stream, 0))
            # Only for children; the other namespaces are entered by the child itself.
            _call(_c.setns, opened[0], _NEWPID)
            child = os.fork()
        except (IOError, OSError) as error:
            self.tell("refused %s %s" % (process, errno.errorcode.get(error.errno, error.errno)))
            child = -1
        if child == 0:
            _become_instance(opened)
            return 0
        for descriptor in opened:
            os.close(descriptor)
        _call(_c.setns, self._own, _NEWPID)
        if child > 0:
            self.tell("forked %s %d" % (process, child))
        return child

    def _reap(self):
        try:
            while os.read(self._woken, 512):
                pass
        except (IOError, OSError):
            # Nothing more in it.
            pass
        while True:
            try:
                child, status = os.waitpid(-1, os.WNOHANG)
            except OSError as error:
                if error.errno != errno.ECHILD:
                    raise
                return
            if child == 0:
                return
            code = 128 + os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
            self.tell("ended %d %d" % (child, code))


def _started(process):
    with open("/proc/%s/stat" % process) as stat:
        # The name in brackets may hold blanks and brackets; field 3 follows the last one. Start time is field 22.
        return stat.read().rpartition(")")[2].split()[19]


def _become_instance(opened):
    """Leaves everything of the server's behind: namespaces, descriptors, process group, user, randomness."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    here = os.getcwd()
    _call(_c.setns, opened[0], _NEWNS | _NEWNET | _NEWIPC | _NEWUTS)
    os.chdir(here)
    for number, descriptor in enumerate(opened[1:], 1):
        os.dup2(descriptor, number)
    os.closerange(4, os.sysconf("SC_OPEN_MAX"))
    # A signal to its process group must reach nobody else's.
    os.setsid()
    os.setgroups([])
    os.setresgid(_USER, _USER, _USER)
    os.setresuid(_USER, _USER, _USER)
    # The change of user hides its own /proc from it, as if it knew secrets.
    _call(_c.prctl, _SET_DUMPABLE, 1, 0, 0, 0)
    # Python 2 and 3.6 do not do so by themselves.
    random = sys.modules.get("random")
    if random is not None:
        random.seed()


def _inherit_nothing():
    """A change of user takes every capability from a process but the inheritable ones."""
    header = (ctypes.c_uint32 * 2)(_CAPABILITIES_VERSION, 0)
    # Effective, permitted and inheritable ones, twice 32 bits each.
    sets = (ctypes.c_uint32 * 6)()
    _call(_c.capget, header, sets)
    sets[2] = sets[5] = 0
    _call(_c.capset, header, sets)


def _call(function, *values):
    result = function(*values)
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result
