module.exports = (event) => ({
  statusCode: 200,
  headers: { "Content-Type": "text/plain" },
  body: `Hello, ${event.name}!`,
  isBase64Encoded: false,
});
