exports.handler = (event, context, callback) => callback(null, '{"not": "encoded again"}');
