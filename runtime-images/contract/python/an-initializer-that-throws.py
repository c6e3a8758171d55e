def init(context):
    raise Exception('not ready')

def handler(event, context):
    return 1
