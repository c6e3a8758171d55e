exports.handler = (context, event) => {
  const headers = { "Content-Type": "application/json" };
  context.callback(new context.Response(event.body.toString(), headers, "application/json", 200));
};
