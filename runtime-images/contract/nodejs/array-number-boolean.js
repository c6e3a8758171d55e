exports.handler = (event, context, callback) => callback(null, [event, event * 2, event > 1]);
