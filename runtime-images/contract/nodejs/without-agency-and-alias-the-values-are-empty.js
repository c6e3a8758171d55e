exports.handler = async (event, context) => [context.getAccessKey(), context.getToken(), context.getAlias(), context.getWorkflowID()];
