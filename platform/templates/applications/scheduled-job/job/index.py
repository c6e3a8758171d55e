def handler(event, context):
    task = event.get("user_event") or "nothing"
    context.getLogger().info("%s: %s" % (event.get("time"), task))
    return {"done": task}
