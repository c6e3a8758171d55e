import time

def handler(event, context):
    for i in range(3):
        print('of %d' % event)
        time.sleep(0.005)
    return context.getRequestID()
