def handler(event, context):
    return bytearray(b'abc')
