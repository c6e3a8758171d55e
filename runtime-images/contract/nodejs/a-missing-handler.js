exports.other = async (event, context) => 1;
