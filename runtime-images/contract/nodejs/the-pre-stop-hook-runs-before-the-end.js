exports.stop = async (context) => {
  console.log('stopping', context.getFunctionName());
};
exports.handler = async (event, context) => 1;
