exports.handler = async (event, context) => `hello from ${process.env.NUMBER}`;
