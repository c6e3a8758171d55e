exports.handler = (event, context, callback) => {
  const ring = {};
  ring.ring = ring;
  callback(null, ring);
};
