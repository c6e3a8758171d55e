def handler(event, context):
    context.set_state({'a': 1})
    own = context.get_instance_id()
    context.set_instance_id('i')
    return [context.get_state(), own if context.get_instance_id() == 'i' else '', context.get_invoke_id() == context.getRequestID(), context.get_trace_id(), context.get_invoke_property()['invokeType']]
