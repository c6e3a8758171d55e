exports.handler = function (event, context, callback) {
  setTimeout(() => callback(null, { a: event }), 5);
};
