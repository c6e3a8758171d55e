exports.handler = async (event, context) => 42;
