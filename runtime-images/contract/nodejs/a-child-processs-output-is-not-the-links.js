exports.handler = (event, context, callback) => {
  require('child_process').execFileSync('echo', ['from the child'], { stdio: 'inherit' });
  callback(null, 'parent');
};
