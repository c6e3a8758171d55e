exports.handler = (event, context, callback) => {
  setTimeout(() => console.log('late'), 30);
  callback(null, 1);
};
