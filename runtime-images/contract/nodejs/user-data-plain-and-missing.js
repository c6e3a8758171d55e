exports.handler = (event, context, callback) => {
  const missing = ['none', 'toString'].map((key) => context.getUserData(key) === undefined);
  callback(null, [context.getUserData('KEY')].concat(missing));
};
