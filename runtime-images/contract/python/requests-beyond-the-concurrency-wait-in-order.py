import threading
import time

running = 0
lock = threading.Lock()

def handler(event, context):
    global running
    with lock:
        running += 1
    time.sleep(0.01)
    with lock:
        most = running
        running -= 1
    return most <= 2
