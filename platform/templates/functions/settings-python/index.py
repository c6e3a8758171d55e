def handler(event, context):
    greeting = context.getUserData("greeting") or "Hello"
    return {"message": "%s, %s!" % (greeting, event.get("name") or "world")}
