exports.stop = (context, callback) => {
  console.log('stopping', context.getFunctionName());
  callback(null);
};
exports.handler = (event, context, callback) => callback(null, 1);
