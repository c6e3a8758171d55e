exports.init = (context, callback) => {
  throw new Error('not ready');
};
exports.handler = (event, context, callback) => callback(null, 1);
