def handler(event, context):
    ring = {}
    ring['ring'] = ring
    return ring
