require('not-there');
exports.handler = async (event, context) => 1;
