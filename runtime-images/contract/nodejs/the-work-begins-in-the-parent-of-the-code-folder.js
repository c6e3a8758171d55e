exports.handler = async (event, context) => require('path').relative(process.cwd(), __dirname);
