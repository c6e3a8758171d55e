import { CodeType } from "../../model/runtimes.ts";
import type { BenchLanguage } from "./language.ts";

const SOURCE = `<?php
function handler($event, $context)
{
    return [
        'statusCode' => 200,
        'headers' => ['Content-Type' => 'application/json'],
        'body' => base64_decode($event->body),
        'isBase64Encoded' => false,
    ];
}
`;

/** AWS has no PHP of its own: the goal is half of what it publishes for Python. */
export const php: BenchLanguage = {
  family: "php",
  name: "PHP",
  handler: "index.handler",
  goalMs: { spawned: 42, pooled: 15 },
  code: () => ({ type: CodeType.Inline, file: Buffer.from(SOURCE), filename: "index.php" }),
};
