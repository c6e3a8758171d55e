exports.handler = (event, context, callback) => {
  setTimeout(callback, 60000, null);
};
