exports.handler = (event, context, callback) => {
  console.log('out', 1);
  console.error('err');
  process.stdout.write('begun ');
  process.stdout.write('and ended\n');
  process.stdout.write('two\nlines\n');
  process.stderr.write('no newline');
  callback(null);
};
