exports.handler = async (event, context) => {
  const body = event.isBase64Encoded ? Buffer.from(event.body || "", "base64").toString() : event.body;
  const asked = {
    method: event.httpMethod,
    path: event.path,
    query: event.queryStringParameters || {},
    body: body || "",
  };
  context.getLogger().info(`${asked.method} ${asked.path}`);
  return {
    statusCode: 200,
    isBase64Encoded: false,
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(asked),
  };
};
