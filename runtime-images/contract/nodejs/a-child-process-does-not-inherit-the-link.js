const { execFileSync } = require('child_process');
exports.handler = (event, context, callback) => {
  callback(null, execFileSync('sh', ['-c', event], { stdio: ['ignore', 'pipe', 'ignore'] }).toString());
};
