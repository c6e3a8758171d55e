console.log('loading');
exports.handler = async (event, context) => 1;
