exports.handler = async (event, context) => {
  const ring = {};
  ring.ring = ring;
  return ring;
};
