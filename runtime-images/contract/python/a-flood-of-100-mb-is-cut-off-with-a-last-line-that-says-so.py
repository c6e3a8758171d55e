def handler(event, context):
    line = 'x' * (64 * 1024 - 1)
    for i in range(1600):
        print(line)
    return 'done'
