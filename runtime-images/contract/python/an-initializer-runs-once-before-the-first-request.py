count = 0

def init(context):
    global count
    print('initializing')
    count += 1

def handler(event, context):
    return count
