exports.main = async (event, context) => require('./dep')();
