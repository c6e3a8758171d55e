exports.handler = (event, context, callback) => {
  console.log('last words');
  process.kill(process.pid, 'SIGKILL');
};
