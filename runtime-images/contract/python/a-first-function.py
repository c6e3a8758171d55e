def handler(event, context):
    context.getLogger().info('greets %s' % event['name'])
    body = 'Hello, %s!' % event['name']
    return {'statusCode': 200, 'headers': {'Content-Type': 'text/plain'}, 'body': body, 'isBase64Encoded': False}
