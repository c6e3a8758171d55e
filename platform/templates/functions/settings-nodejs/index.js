exports.handler = async (event, context) => {
  const greeting = context.getUserData("greeting") || "Hello";
  return { message: `${greeting}, ${event.name || "world"}!` };
};
