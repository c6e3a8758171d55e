import os
import sys

def handler(event, context):
    child = os.fork()
    if child == 0:
        print('from the child')
        os._exit(0)
    os.waitpid(child, 0)
    return 'parent'
