import time

def stop(context):
    time.sleep(60)

def handler(event, context):
    return 1
