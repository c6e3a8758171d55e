// Writes docs/errors.md from the error catalogue. A test fails while the page is stale.
import { writeFileSync } from "node:fs";
import { type ErrorEntry, listErrors } from "../model/errors.ts";

/** The page of all error codes. */
export function renderErrors(errors: readonly ErrorEntry[]): string {
  const rows = errors.map((one) => `| ${one.code} | ${one.status} | ${one.title} | ${one.fix} |`);
  return `# Error codes

Every refusal carries one of these codes in \`error_code\`, and in \`error_msg\` what was given, the rule, and what to type
instead. When an input has several faults, the message has a line for each and the code is the first one's.

Made by \`node scripts/generate-errors.ts\` from \`model/error-catalogue.ts\`; change it there.

| Code | HTTP | What happened | What to do |
| --- | --- | --- | --- |
${rows.join("\n")}
`;
}

if (import.meta.main)
  writeFileSync(new URL("../docs/errors.md", import.meta.url), renderErrors(listErrors()));
