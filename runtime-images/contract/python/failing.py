import os
import signal
import sys

if os.environ.get('FAIL') == 'load':
    raise Exception('no load')


def init(context):
    if os.environ.get('FAIL') == 'init':
        raise Exception('no init')


def code():
    raise Exception('no code')


def hang():
    while True:
        pass


def memory():
    kept = []
    while True:
        kept.append(b'x' * (1 << 20))


def disk():
    with open('/tmp/full', 'wb', 0) as file:
        while True:
            file.write(b'x' * (1 << 20))


ways = {
    'fine': lambda: 'fine',
    'code': code,
    'hang': hang,
    'memory': memory,
    'disk': disk,
    'exit': lambda: sys.exit(3),
    'signal': lambda: os.kill(os.getpid(), signal.SIGKILL),
    'large': lambda: 'x' * 6291457,
    'unserialisable': object,
}


# Fails as the event says.
def handler(event, context):
    return ways[event]()
