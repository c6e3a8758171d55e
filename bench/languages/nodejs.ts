import { CodeType } from "../../model/runtimes.ts";
import type { BenchLanguage } from "./language.ts";

const SOURCE = `exports.handler = async (event, context) => ({
  statusCode: 200,
  headers: { "Content-Type": "application/json" },
  body: Buffer.from(event.body, "base64").toString(),
  isBase64Encoded: false,
});
exports.plain = async (event, context) => event;
`;

export const nodejs: BenchLanguage = {
  family: "nodejs",
  name: "Node.js",
  handler: "index.handler",
  goalMs: { spawned: 68, pooled: 15 },
  code: () => ({ type: CodeType.Inline, file: Buffer.from(SOURCE), filename: "index.js" }),
};
