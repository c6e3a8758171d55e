exports.init = async (context) => {
  throw new Error('not ready');
};
exports.handler = async (event, context) => 1;
