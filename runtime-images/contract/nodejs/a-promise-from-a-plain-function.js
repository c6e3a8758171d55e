exports.handler = (event, context) => new Promise((resolve) => setTimeout(resolve, 5, 'later'));
