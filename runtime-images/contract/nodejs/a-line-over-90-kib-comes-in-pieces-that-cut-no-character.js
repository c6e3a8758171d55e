exports.handler = (event, context, callback) => {
  console.log('é'.repeat(100000));
  callback(null);
};
