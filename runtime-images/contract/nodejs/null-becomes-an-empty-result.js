exports.handler = async (event, context) => null;
