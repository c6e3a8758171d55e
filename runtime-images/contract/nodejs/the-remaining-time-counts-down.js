exports.handler = async (event, context) => {
  const before = context.getRemainingTimeInMilliSeconds();
  await new Promise((resolve) => setTimeout(resolve, 60));
  const after = context.getRemainingTimeInMilliSeconds();
  return [before <= 5000, before > 3000, before - after >= 50];
};
