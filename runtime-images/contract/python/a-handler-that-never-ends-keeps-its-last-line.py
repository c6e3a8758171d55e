def handler(event, context):
    print('before the loop')
    while True:
        pass
