import sys

def handler(event, context):
    print('last words')
    sys.exit(3)
