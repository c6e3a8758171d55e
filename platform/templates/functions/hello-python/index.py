def handler(event, context):
    name = event.get("name") or "world"
    context.getLogger().info("greeting " + name)
    return {"message": "Hello, %s!" % name}
