import { CodeType } from "../../model/runtimes.ts";
import type { BenchLanguage } from "./language.ts";

const SOURCE = `import base64
def handler(event, context):
    return {
        "statusCode": 200,
        "headers": {"Content-Type": "application/json"},
        "body": base64.b64decode(event["body"]).decode(),
        "isBase64Encoded": False,
    }
`;

export const python: BenchLanguage = {
  family: "python",
  name: "Python",
  handler: "index.handler",
  goalMs: { spawned: 42, pooled: 15 },
  code: () => ({ type: CodeType.Inline, file: Buffer.from(SOURCE), filename: "index.py" }),
};
