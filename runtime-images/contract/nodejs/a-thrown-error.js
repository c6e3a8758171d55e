function deeper() {
  throw new TypeError('boom');
}
exports.handler = (event, context, callback) => deeper();
