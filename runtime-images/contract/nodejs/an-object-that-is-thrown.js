exports.handler = (event, context, callback) => {
  throw { status: 404 };
};
