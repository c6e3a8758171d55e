const early = process.env.RUNTIME_FUNC_NAME;
exports.handler = async (event, context) => [early, process.env.MINE, process.env.FUNGRAPH_TOKEN === undefined, process.env.FUNGRAPH_LINK === undefined];
