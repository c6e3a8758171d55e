exports.handler = async (event, context) => {
  console.log('last words');
  process.exit(3);
};
