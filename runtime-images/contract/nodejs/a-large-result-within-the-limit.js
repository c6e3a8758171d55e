exports.handler = async (event, context) => 'é'.repeat(event);
