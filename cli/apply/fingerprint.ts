import { createHash } from "node:crypto";
import { hideSecrets } from "../evaluate/secret.ts";

/** The same values with a fingerprint in place of every secret one: a change shows, the secret does not. */
export function withFingerprints(
  values: Readonly<Record<string, unknown>>,
  secrets: readonly string[],
): Record<string, unknown> {
  return hideSecrets(values, secrets, fingerprint);
}

function fingerprint(value: unknown): string {
  return `sha256:${createHash("sha256").update(JSON.stringify(value)).digest("hex")}`;
}
