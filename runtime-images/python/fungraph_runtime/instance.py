"""The life of the instance: what each frame of the platform does."""
import os
import struct
import sys

from . import clock, frames, loader, output, values
from .context import Context
from .failures import Failure
from .link import Link
from .request import Request

# From this typical length of a handler on, finished results do not wait for the next handler.
_SLOW_SECONDS = 0.0002
# Share of the newest handler in what is typical: one that was merely interrupted is soon forgotten.
_NEWEST = 0.125


def serve(address, token):
    """Runs until the platform ends the link or says STOP."""
    Instance(Link(address)).serve(token)


class Instance(object):
    def __init__(self, link):
        self._link = link
        self._loaded = None
        self._workers = None
        self._typical = 0.0
        self._hooks = {
            frames.LOAD: self._load,
            frames.INIT: self._initialize,
            frames.HEARTBEAT: self._heartbeat,
            frames.STOP: self._stop,
        }

    def serve(self, token):
        link = self._link
        version = "%d.%d.%d" % sys.version_info[:3]
        hello = {"protocol": 1, "token": token, "runtime": "python", "version": version, "pid": os.getpid()}
        link.send(frames.plain(frames.HELLO, values.encode(hello).encode("utf-8")))
        output.install(link)
        link.end_with_platform()
        reader = frames.FrameReader()
        while True:
            chunk = link.receive()
            if not chunk:
                os._exit(0)
            for kind, call, buffer, head, payload, end in reader.push(chunk):
                if kind == frames.INVOKE:
                    self._invoke(Request(call, buffer, head, payload, end))
                else:
                    self._hooks[kind](buffer, head, payload, end)
            link.flush()

    def _invoke(self, request):
        if output.instance.kept:
            output.instance.renew()
        if self._workers is not None:
            self._workers.add(request)
            return
        # A finished result must not wait for a handler that may be long; where handlers are short, one write for many is faster.
        if self._typical > _SLOW_SECONDS:
            self._link.flush()
        output.only = request
        try:
            spent = request.run()
        except SystemExit as leaving:
            self._exit(leaving)
        output.only = None
        self._typical += (spent - self._typical) * _NEWEST

    def _load(self, buffer, head, payload, end):
        message = values.decode(buffer[payload:end].decode("utf-8"))
        self._loaded = message
        Failure.code_root = message["codeRoot"]
        Context.loaded = message
        for key, value in message["environment"].items():
            os.environ[str(key)] = value if str is not bytes else value.encode("utf-8")
        Request.max_bytes = message["maxResponseBytes"]
        workers = self._workers_for(message["concurrency"])
        try:
            loader.prepare(message["codeRoot"])
            Request.handler = staticmethod(loader.find(message["codeRoot"], message["handler"], "handler"))
        except SystemExit as leaving:
            self._exit(leaving)
        except BaseException as error:
            self._refuse("load", error)
            return
        self._workers = workers
        self._link.send(frames.plain(frames.LOADED))

    def _workers_for(self, concurrency):
        """Queues and threads are for those who share an instance. They are imported before modules of the code can take their place."""
        if concurrency == 1:
            return None
        before = set(sys.modules)
        from .workers import Workers

        loader.imported.update(set(sys.modules) - before)
        return Workers(concurrency, self._link, self._exit)

    def _initialize(self, buffer, head, payload, end):
        hook = self._loaded["initializer"]
        try:
            self._hook(hook, "initializer", hook["timeoutSeconds"])
        except SystemExit as leaving:
            self._exit(leaving)
        except BaseException as error:
            self._refuse("init", error)
            return
        self._link.send(frames.plain(frames.INITIALIZED))

    def _hook(self, hook, role, seconds):
        found = loader.find(self._loaded["codeRoot"], hook["handler"], role)
        found(Context(role, clock.now() + seconds, None, None))

    def _refuse(self, stage, error):
        fault = loader.syntax_fault(error) if isinstance(error, SyntaxError) else error
        failure = Failure(stage, fault, sys.exc_info()[2])
        output.instance.log(output.ERROR, failure.log)
        self._link.send(frames.error(0, 0, 0, failure))

    def _heartbeat(self, buffer, head, payload, end):
        # Before LOAD it comes to a spare instance, which has the time.
        if self._loaded is None:
            # Only spares have it.
            from .preload import preload

            preload()
        self._link.send(frames.plain(frames.ALIVE))

    def _stop(self, buffer, head, payload, end):
        """What runs may end within the grace; then the pre-stop hook; then the process."""
        seconds = struct.unpack_from("<I", buffer, head)[0] / 1000.0
        # Not at the top: see threads.py.
        import threading

        by = clock.now() + seconds
        timer = threading.Timer(seconds, self._leave)
        timer.daemon = True
        timer.start()
        if self._workers is not None:
            self._workers.wait()
        if self._loaded is not None and self._loaded.get("preStop"):
            hook = self._loaded["preStop"]
            left = min(by - clock.now(), hook["timeoutSeconds"])
            limit = threading.Timer(left, self._leave)
            limit.daemon = True
            limit.start()
            try:
                self._hook(hook, "pre-stop", left)
            except BaseException as error:
                output.instance.log(output.ERROR, Failure("invoke", error, sys.exc_info()[2]).log)
        self._link.send(frames.plain(frames.STOPPED))
        # In good order: handlers of atexit run; the timer above ends what does not end by itself.
        sys.exit(0)

    def _leave(self):
        self._link.send(frames.plain(frames.STOPPED))
        os._exit(0)

    def _exit(self, leaving):
        """The code called sys.exit: what is finished goes out, then the process ends; the platform sees a crash."""
        self._link.flush()
        code = leaving.code
        os._exit(code if isinstance(code, int) else 0 if code is None else 1)
