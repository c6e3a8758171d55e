def init():
    pass

def handler(event, context):
    return 1
