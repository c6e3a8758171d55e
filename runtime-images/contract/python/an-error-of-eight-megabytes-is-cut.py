def handler(event, context):
    raise ValueError('x' * (8 << 20))
