import { createHash } from "node:crypto";
import { hideSecrets } from "../../provider/values.ts";

/** The same values with a fingerprint in place of every secret one: a change shows, the secret does not. */
export function withFingerprints(
  values: Readonly<Record<string, unknown>>,
  secrets: readonly string[],
): Record<string, unknown> {
  return hideSecrets(values, secrets, fingerprint);
}

const FORM = /^sha256:[0-9a-f]{64}$/;

/** What is a fingerprint already stays one: a platform that does not show a secret gives back what was known of it. */
function fingerprint(value: unknown): string {
  if (typeof value === "string" && FORM.test(value)) return value;
  return `sha256:${createHash("sha256").update(JSON.stringify(value)).digest("hex")}`;
}
