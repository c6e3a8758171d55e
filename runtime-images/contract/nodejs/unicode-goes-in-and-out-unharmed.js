exports.handler = async (event, context) => event + '–木😀';
