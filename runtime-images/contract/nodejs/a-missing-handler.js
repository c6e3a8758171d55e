exports.other = (event, context, callback) => callback(null, 1);
