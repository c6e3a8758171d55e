exports.handler = async (event, context) => "hello " + event.name;
