exports.handler = (_event, _context, callback) => callback(null, `hello from ${process.env.NUMBER}`);
