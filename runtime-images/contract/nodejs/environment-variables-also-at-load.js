const early = process.env.RUNTIME_FUNC_NAME;
exports.handler = (event, context, callback) => {
  const { MINE, FUNGRAPH_TOKEN, FUNGRAPH_LINK } = process.env;
  callback(null, [early, MINE, FUNGRAPH_TOKEN === undefined, FUNGRAPH_LINK === undefined]);
};
