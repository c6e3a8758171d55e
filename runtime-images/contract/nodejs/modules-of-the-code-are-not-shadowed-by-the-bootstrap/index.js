const context = require('./context');
exports.handler = async () => 1;
exports.handler = async (event, ctx) => context.mine;
