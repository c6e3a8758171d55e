exports.handler = (event, context, callback) => callback(new Error("x".repeat(8 << 20)));
