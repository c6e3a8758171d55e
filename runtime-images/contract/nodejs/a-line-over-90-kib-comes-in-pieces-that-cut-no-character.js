exports.handler = async (event, context) => {
  console.log('é'.repeat(100000));
};
