exports.handler = (event, context, callback) => {
  Promise.reject(new Error('forgotten'));
};
