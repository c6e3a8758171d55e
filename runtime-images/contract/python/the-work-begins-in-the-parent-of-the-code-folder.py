import os

def handler(event, context):
    return os.path.relpath(os.path.dirname(os.path.abspath(__file__)), os.getcwd())
