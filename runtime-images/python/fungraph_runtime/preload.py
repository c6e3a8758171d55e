"""Imports what most functions import, while an instance waits for its function."""
import importlib
import sys

from . import loader

# Small modules only: each costs memory in every spare instance. Those that need TLS would double it.
_MODULES = (
    "base64",
    "collections",
    "datetime",
    "hashlib",
    "json",
    "logging",
    "queue",
    "random",
    "re",
    "socket",
    "string",
    "threading",
    "traceback",
    "uuid",
)


def preload():
    before = set(sys.modules)
    for name in _MODULES:
        try:
            importlib.import_module(name)
        except ImportError:
            # A slim interpreter may lack it; the function that needs it will say so.
            pass
    loader.imported.update(set(sys.modules) - before)
