def handler(event, context):
    return handler
