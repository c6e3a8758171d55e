require('not-there');
exports.handler = (event, context, callback) => callback(null, 1);
