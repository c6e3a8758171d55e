exports.handler = (event, context, callback) => {
  callback(null, require('path').relative(process.cwd(), __dirname));
};
