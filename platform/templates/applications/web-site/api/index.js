exports.handler = async (event, context) => {
  const { name } = event.queryStringParameters || {};
  context.getLogger().info(`greeting ${name || "world"}`);
  return {
    statusCode: 200,
    isBase64Encoded: false,
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ greeting: `Hello, ${name || "world"}!` }),
  };
};
