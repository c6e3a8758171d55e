def handler(event, context):
    if event['bad']:
        raise Exception('bad')
    return 'good'
