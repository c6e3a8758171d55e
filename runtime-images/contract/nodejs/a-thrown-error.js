function deeper() {
  throw new TypeError('boom');
}
exports.handler = async (event, context) => deeper();
