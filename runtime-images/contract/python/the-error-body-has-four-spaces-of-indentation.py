class Odd(Exception):
    pass

def handler(event, context):
    raise Odd('x')
