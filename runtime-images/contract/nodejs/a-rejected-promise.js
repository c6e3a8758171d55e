exports.handler = async (event, context) => {
  throw new Error('rejected');
};
