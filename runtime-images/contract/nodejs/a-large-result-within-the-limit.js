exports.handler = (event, context, callback) => callback(null, 'é'.repeat(event));
