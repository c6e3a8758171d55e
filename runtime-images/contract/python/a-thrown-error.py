def deeper():
    raise TypeError('boom')

def handler(event, context):
    deeper()
