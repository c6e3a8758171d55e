exports.handler = async (event, context) => 1;
