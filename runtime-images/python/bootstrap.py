"""Entry of a Python instance: greets the platform and then does what its frames say (../PROTOCOL.md)."""
import os
import sys

# The package's name is ours alone; the script's own folder must not shadow modules of the user's code.
from fungraph_runtime import instance

sys.path.pop(0)


def add_site_names():
    """What interactive users and short scripts know, where the machine's own packages are left out (-S)."""
    import _sitebuiltins
    import builtins

    builtins.exit = _sitebuiltins.Quitter("exit", "Ctrl-D (i.e. EOF)")
    builtins.quit = _sitebuiltins.Quitter("quit", "Ctrl-D (i.e. EOF)")
    builtins.help = _sitebuiltins._Helper()


def main():
    forks = os.environ.pop("FUNGRAPH_FORKS", "")
    if forks:
        from fungraph_runtime.forks import serve

        os.environ["FUNGRAPH_TOKEN"] = serve(int(forks))
    address = os.environ.pop("FUNGRAPH_LINK", "")
    token = os.environ.pop("FUNGRAPH_TOKEN", "")
    libraries = os.environ.pop("FUNGRAPH_LIBRARIES", "")
    if not address:
        sys.stderr.write("FUNGRAPH_LINK is missing: this program is started by the platform (see PROTOCOL.md)\n")
        sys.exit(64)
    if libraries:
        # Last on the path: modules of the code and of the standard library come first.
        sys.path.append(libraries)
    if sys.flags.no_site:
        add_site_names()
    instance.serve(address, token)


main()
