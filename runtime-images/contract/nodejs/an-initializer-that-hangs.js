exports.init = (context, callback) => {};
exports.handler = async (event, context) => 1;
