exports.handler = function (event, context, callback) {
  callback(null, 'first');
  callback(new Error('second'));
};
