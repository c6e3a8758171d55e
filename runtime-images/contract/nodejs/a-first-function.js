exports.handler = (event, context, callback) => {
  context.getLogger().info("greets", event.name);
  callback(null, {
    statusCode: 200,
    headers: { "Content-Type": "text/plain" },
    body: "Hello, " + event.name + "!",
    isBase64Encoded: false,
  });
};
