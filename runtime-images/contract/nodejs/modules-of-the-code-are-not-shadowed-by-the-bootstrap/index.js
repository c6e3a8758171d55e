const context = require('./context');
exports.handler = (event, ctx, callback) => callback(null, context.mine);
