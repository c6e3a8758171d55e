import os

early = os.environ['RUNTIME_FUNC_NAME']

def handler(event, context):
    return [early, os.environ['MINE'], 'FUNGRAPH_TOKEN' not in os.environ, 'FUNGRAPH_LINK' not in os.environ]
