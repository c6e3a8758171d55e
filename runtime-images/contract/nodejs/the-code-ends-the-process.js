exports.handler = (event, context, callback) => {
  console.log('last words');
  process.exit(3);
};
