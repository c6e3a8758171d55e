"""Finds `file.function` in the code folder."""
import os
import sys

from .failures import FunctionFault

# Names of modules that were imported for speed or for ourselves, and not by the code.
imported = set()


def prepare(code_root):
    """The code's folder comes first on the path; the work begins in its parent, as /opt/function is /opt/function/code's."""
    sys.path.insert(0, code_root)
    if imported:
        _make_room(code_root)
    # The code folder is read-only, and trying to write to it takes longer than compiling a small module.
    sys.dont_write_bytecode = True
    try:
        os.chdir(os.path.dirname(code_root))
    except OSError:
        # The parent may be closed to the function's user; the code folder is not.
        os.chdir(code_root)


def _make_room(code_root):
    """Forgets what the code has modules of its own for: they come first."""
    own = set(name.split(".")[0] for name in os.listdir(code_root)) - set(["fungraph_runtime"])
    for name in imported:
        if name.split(".")[0] in own:
            del sys.modules[name]


def find(code_root, handler, role):
    """The function; raises FunctionFault, or what the module itself raises."""
    file, dot, name = handler.rpartition(".")
    if not file or not name:
        raise FunctionFault(
            "FunctionConfigError",
            "%s %r must have the form file.function, for example index.handler" % (role, str(handler)),
        )
    module_name = file.replace("/", ".")
    path = os.path.join(code_root, *module_name.split("."))
    if not os.path.exists(path + ".py") and not os.path.isdir(path):
        raise FunctionFault("FunctionLoadError", "not found module './%s.py'" % file)
    __import__(module_name)
    found = getattr(sys.modules[module_name], name, None)
    if callable(found):
        return found
    raise FunctionFault("FunctionConfigError", "%s '%s' not found in module './%s.py'" % (role, name, file))


def syntax_fault(error):
    """A SyntaxError with its place: the traceback has no frame of the file."""
    # See failures.py.
    import traceback

    lines = [line.rstrip() for line in traceback.format_exception_only(type(error), error)]
    return FunctionFault("SyntaxError", "\n".join(lines))
