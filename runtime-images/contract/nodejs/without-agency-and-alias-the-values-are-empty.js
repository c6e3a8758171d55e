exports.handler = (event, context, callback) => {
  callback(null, [context.getAccessKey(), context.getToken(), context.getAlias(), context.getWorkflowID()]);
};
