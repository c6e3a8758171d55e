def handler(event, context):
    return '{"not": "encoded again"}'
