exports.handler = async (event, context) => {
  for (let i = 0; i < 3; i++) {
    console.log('of ' + event);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return context.getRequestID();
};
