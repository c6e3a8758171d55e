const early = process.env.RUNTIME_FUNC_NAME;
module.exports = () => {
  const { MINE, FUNGRAPH_TOKEN, FUNGRAPH_LINK } = process.env;
  return [early, MINE, FUNGRAPH_TOKEN === undefined, FUNGRAPH_LINK === undefined];
};
