exports.handler = (event, context, callback) => {
  setTimeout(() => callback(null, 'ended'), 100);
};
