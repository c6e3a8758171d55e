let running = 0;
module.exports = async () => {
  running++;
  await new Promise((resolve) => setTimeout(resolve, 10));
  return running-- <= 2;
};
