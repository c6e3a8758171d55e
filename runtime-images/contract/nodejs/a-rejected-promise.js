exports.handler = (event, context) => Promise.reject(new Error('rejected'));
