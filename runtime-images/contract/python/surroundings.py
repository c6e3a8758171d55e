# Tells what an instance finds around itself.
import errno
import os
import re
import sys


def attempt(work):
    try:
        work()
        return "done"
    except (IOError, OSError) as error:
        return errno.errorcode[error.errno]


def write(path):
    with open(path, "w") as file:
        file.write("x")


def open_all():
    opened = []

    def more():
        while True:
            opened.append(os.open("/dev/null", os.O_RDONLY))

    end = attempt(more)
    for descriptor in opened:
        os.close(descriptor)
    return [end, len(opened) > 900, len(opened) < 1024]


def read(path):
    with open(path) as file:
        return file.read()


def init(context):
    pass


def handler(event, context):
    root = os.environ["RUNTIME_CODE_ROOT"]
    folders = [root, "/opt/function", "/home/snuser/runtime", "/usr", "/etc", "/tmp"]
    return {
        "version": "%d.%d.%d" % sys.version_info[:3],
        "ids": [os.getuid(), os.geteuid(), os.getgid(), os.getegid()],
        "groups": [group for group in os.getgroups() if group != 1003],
        "folder": os.getcwd(),
        "code": sorted(os.listdir(root)),
        "writes": [attempt(lambda: write(folder + "/written")) for folder in folders],
        "limits": re.search(r"Max open files +\d+ +\d+", read("/proc/self/limits")).group(0),
        "descriptors": open_all(),
        "capabilities": [
            found.group(0)
            for found in re.finditer(r"Cap(Eff|Bnd):\t[0-9a-f]+|NoNewPrivs:\t\d", read("/proc/self/status"))
        ],
        "environment": dict(os.environ),
        "context": [
            context.getRequestID(),
            context.getFunctionName(),
            context.getVersion(),
            context.getPackage(),
            context.getProjectID(),
            context.getMemorySize(),
            context.getCPUNumber(),
            context.getRunningTimeInSeconds(),
            context.getAlias(),
            context.getUserData("PLAIN"),
            context.getUserData("SECRET"),
        ],
        "left": context.getRemainingTimeInMilliSeconds(),
    }
