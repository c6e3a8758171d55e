import fastify from "fastify";

const app = fastify();
app.post("/", (request) => request.body);
await app.listen({ port: 0, host: "127.0.0.1" });
process.stdout.write(`${JSON.stringify({ port: app.server.address().port })}\n`);
