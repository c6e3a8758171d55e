exports.handler = (event, context, callback) => {
  if (event === 1) setTimeout(() => { throw new Error('mine'); }, 20);
};
