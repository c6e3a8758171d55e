exports.handler = (event, context, callback) => {
  const before = context.getRemainingTimeInMilliSeconds();
  setTimeout(() => {
    const after = context.getRemainingTimeInMilliSeconds();
    callback(null, [before <= 5000, before > 3000, before - after >= 50]);
  }, 60);
};
