"""Pins the libraries for a Python version: python3 lock.py /path/to/python2.7 /path/to/python3.12 ...

Writes pythonX.Y.txt and pythonX.Y.installer.txt beside this file, for Linux on x86-64.
"""
import hashlib
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ASK_VERSION = "import sys; print('python%d.%d' % sys.version_info[:2])"


def lock(python):
    name = subprocess.check_output([python, "-c", ASK_VERSION]).decode().strip()
    with tempfile.TemporaryDirectory() as folder:
        tools = os.path.join(folder, "tools")
        requirements = os.path.join(HERE, "installer.in")
        # The interpreter's own pip may be too old to see the newest wheels.
        run(python, None, "install", "--target", tools, "-r", requirements)
        write(python, tools, requirements, name + ".installer.txt")
        write(python, tools, os.path.join(HERE, "requirements.in"), name + ".txt")


def write(python, tools, requirements, name):
    with tempfile.TemporaryDirectory() as folder:
        run(python, tools, "download", "--no-build-isolation", "--dest", folder, "-r", requirements)
        lines = sorted(pin(os.path.join(folder, file)) for file in os.listdir(folder))
    with open(os.path.join(HERE, name), "w") as pinned:
        pinned.write("".join(lines))


def run(python, tools, *arguments):
    environment = dict(os.environ, **({"PYTHONPATH": tools} if tools else {}))
    subprocess.check_call([python, "-m", "pip", "--quiet"] + list(arguments), env=environment)


def pin(path):
    file = os.path.basename(path)
    if file.endswith(".whl"):
        package, version = file.split("-")[:2]
    else:
        package, version = file.replace(".tar.gz", "").rsplit("-", 1)
    with open(path, "rb") as archive:
        digest = hashlib.sha256(archive.read()).hexdigest()
    return "%s==%s --hash=sha256:%s\n" % (package.lower().replace("_", "-"), version, digest)


if __name__ == "__main__":
    for interpreter in sys.argv[1:]:
        lock(interpreter)
