def handler(event, context):
    context.getLogger().info("timer %s at %s" % (event.get("trigger_name"), event.get("time")))
    # Do here what is to be done each time; the user event may say what.
    return {"timer": event.get("trigger_name"), "time": event.get("time"), "task": event.get("user_event")}
