// The yardstick: an echo of node:http without anything else. Prints its port as JSON: BENCH_PORT, or a free one.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const body = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
    response.writeHead(200, [
      "Content-Type",
      "application/json",
      "Content-Length",
      String(body?.length ?? 0),
    ]);
    response.end(body);
  });
});
server.listen(Number(process.env["BENCH_PORT"] ?? 0), "127.0.0.1", () => {
  process.stdout.write(`${JSON.stringify({ port: (server.address() as AddressInfo).port })}\n`);
});
