exports.handler = (event, context, callback) => callback(null, { got: event });
