exports.handler = async (event, context) => [event, event * 2, event > 1];
