import threading

def handler(event, context):
    threading.Timer(0.03, lambda: print_late()).start()
    return 1

def print_late():
    print('late')
