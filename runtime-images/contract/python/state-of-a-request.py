def handler(event, context):
    context.set_state({'a': 1})
    context.set_instance_id('i')
    return [context.get_state(), context.get_instance_id(), context.get_invoke_id() == context.getRequestID(), context.get_trace_id(), context.get_invoke_property()['invokeType']]
