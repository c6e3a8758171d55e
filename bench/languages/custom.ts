import type { BenchLanguage } from "./language.ts";
import { programCode } from "./program.ts";

const SOURCE = `const http = require("node:http");
const agent = new http.Agent({ keepAlive: true });
const [host, port] = process.env.RUNTIME_API_ADDR.split(":");
const send = (method, path, body) => new Promise((resolve, reject) => {
  const request = http.request({ agent, host, port, method, path: "/v1/runtime/invocation/" + path }, (response) => {
    const chunks = [];
    response.on("data", (chunk) => chunks.push(chunk));
    response.on("end", () => resolve([response.headers["x-cff-request-id"], Buffer.concat(chunks)]));
  });
  request.on("error", reject);
  request.end(body);
});
async function loop() {
  for (;;) {
    const [id, event] = await send("GET", "request");
    const body = Buffer.from(JSON.parse(event).body, "base64").toString();
    const headers = { "Content-Type": "application/json" };
    await send("POST", "response/" + id, JSON.stringify({ statusCode: 200, headers, body, isBase64Encoded: false }));
  }
}
for (let at = 0; at < 64; at++) loop();
`;

/** As for HTTP functions, the program's start is part of every cold start. */
export const custom: BenchLanguage = {
  family: "custom",
  name: "Custom runtime",
  handler: "bootstrap",
  goalMs: { spawned: 150, pooled: 75 },
  code: () => programCode(SOURCE),
};
