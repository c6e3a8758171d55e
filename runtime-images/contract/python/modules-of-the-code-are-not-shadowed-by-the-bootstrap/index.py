import context as mine
import link

def handler(event, context):
    return mine.text + link.text
