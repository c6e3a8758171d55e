exports.handler = async (event, context) => undefined;
