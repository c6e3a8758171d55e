exports.handler = (event, context, callback) => callback(null, 'x'.repeat(event));
