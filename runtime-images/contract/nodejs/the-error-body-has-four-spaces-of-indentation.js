exports.handler = async (event, context) => {
  throw 'x';
};
