exports.handler = (event, context, callback) => {
  throw 'x';
};
