exports.handler = async (event, context) => {
