// Computes for as many milliseconds as the event says.
exports.handler = (event, context, callback) => {
  const end = Date.now() + event;
  while (Date.now() < end);
  callback(null);
};
