exports.handler = (event, context, callback) => {
  if (event.bad) throw new Error('bad');
  callback(null, 'good');
};
