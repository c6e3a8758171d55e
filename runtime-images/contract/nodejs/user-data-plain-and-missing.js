exports.handler = async (event, context) => [context.getUserData('KEY'), context.getUserData('none') === undefined, context.getUserData('toString') === undefined];
