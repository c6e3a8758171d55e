def handler(event, context):
    logger = context.getLogger()
    logger.info("request %s of %s" % (context.getRequestID(), context.getFunctionName()))
    logger.warning("%s ms are left" % context.getRemainingTimeInMilliSeconds())
    print("what is printed is logged too")
    return {
        "memoryMb": int(context.getMemorySize()),
        "hasRequestId": context.getRequestID() != "",
        "hasTimeLeft": context.getRemainingTimeInMilliSeconds() > 0,
    }
