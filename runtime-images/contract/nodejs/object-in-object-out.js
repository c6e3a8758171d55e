exports.handler = async (event, context) => ({ got: event });
