import time

def handler(event, context):
    before = context.getRemainingTimeInMilliSeconds()
    time.sleep(0.06)
    after = context.getRemainingTimeInMilliSeconds()
    return [before <= 5000, before > 3000, before - after >= 50]
