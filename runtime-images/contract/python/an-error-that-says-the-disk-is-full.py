import errno
import os

def handler(event, context):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
