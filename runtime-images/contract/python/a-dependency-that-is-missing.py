import not_there

def handler(event, context):
    return 1
