exports.handler = (event, context, callback) => {
  const line = 'x'.repeat(64 * 1024 - 1);
  for (let i = 0; i < 1600; i++) console.log(line);
  callback(null, 'done');
};
