let count = 0;
exports.init = (context, callback) => {
  console.log('initializing');
  setTimeout(() => {
    count++;
    callback(null);
  }, 5);
};
exports.handler = (event, context, callback) => callback(null, count);
