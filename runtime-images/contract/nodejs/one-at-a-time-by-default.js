let running = 0;
exports.handler = (event, context, callback) => {
  running++;
  setTimeout(() => callback(null, running--), 5);
};
