exports.handler = async (event, context) => {
  if (event.bad) throw new Error('bad');
  return 'good';
};
