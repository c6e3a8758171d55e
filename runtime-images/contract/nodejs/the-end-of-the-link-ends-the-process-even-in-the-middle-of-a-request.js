exports.handler = async (event, context) => new Promise((resolve) => setTimeout(resolve, 60000));
