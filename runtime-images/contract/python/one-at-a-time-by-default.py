running = 0

def handler(event, context):
    global running
    running += 1
    most = running
    running -= 1
    return most
