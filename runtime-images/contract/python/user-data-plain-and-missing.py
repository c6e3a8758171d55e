def handler(event, context):
    return [context.getUserData('KEY'), context.getUserData('none') is None, context.getUserData('toString') is None]
