exports.handler = (event, context, callback) => {
  setTimeout(() => {
    throw new Error('outside');
  }, 5);
};
