def stop(context):
    print('stopping ' + context.getFunctionName())

def handler(event, context):
    return 1
