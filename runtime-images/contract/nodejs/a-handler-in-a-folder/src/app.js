exports.main = (event, context, callback) => callback(null, require('./dep')());
