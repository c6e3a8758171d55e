let running = 0;
module.exports = async () => {
  running++;
  await new Promise((resolve) => setTimeout(resolve, 5));
  return running--;
};
