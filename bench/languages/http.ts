import type { BenchLanguage } from "./language.ts";
import { programCode } from "./program.ts";

const SOURCE = `require("node:http").createServer((request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    response.setHeader("Content-Type", "application/json");
    response.end(Buffer.concat(chunks));
  });
}).listen(8000, "127.0.0.1");
`;

/** The server is a program of the function's own, whose start no pool can take ahead. */
export const http: BenchLanguage = {
  family: "http",
  name: "HTTP function",
  handler: "bootstrap",
  goalMs: { spawned: 150, pooled: 75 },
  code: () => programCode(SOURCE),
};
