import os

def handler(event, context):
    print('last words')
    os._exit(4)
