exports.handler = async (event, context) => {
  const logger = context.getLogger();
  logger.info(`request ${context.getRequestID()} of ${context.getFunctionName()}`);
  logger.warn(`${context.getRemainingTimeInMilliSeconds()} ms are left`);
  console.log("what is printed is logged too");
  return {
    memoryMb: Number(context.getMemorySize()),
    hasRequestId: context.getRequestID() !== "",
    hasTimeLeft: context.getRemainingTimeInMilliSeconds() > 0,
  };
};
