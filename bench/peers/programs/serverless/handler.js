exports.echo = async (event) => ({
  statusCode: 200,
  headers: { "Content-Type": "application/json" },
  body: event.body,
});
