exports.handler = async (_event, _context) => "hello";
