exports.handler = async (event, context) => {
  throw { status: 404 };
};
