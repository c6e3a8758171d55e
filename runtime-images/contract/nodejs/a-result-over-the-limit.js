exports.handler = async (event, context) => 'x'.repeat(event);
