from __future__ import print_function
import sys

def handler(event, context):
    print('out', 1)
    print('err', file=sys.stderr)
    sys.stdout.write('begun ')
    sys.stdout.write('and ended\n')
    sys.stdout.write('two\nlines\n')
    sys.stderr.write('no newline')
