let running = 0;
exports.handler = async (event, context) => {
  running++;
  await new Promise((resolve) => setTimeout(resolve, 5));
  return running--;
};
