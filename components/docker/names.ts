import { hash } from "node:crypto";

/** Names on an engine may be longer; those that are read by people should not. */
const READABLE = 40;
const DIGEST_LENGTH = 6;

/**
 * What everything of one platform on a Docker Engine is called: project, stack and platform, and a hash that tells
 * apart what reads the same. Fit for containers, volumes, labels and repositories of images.
 */
export function platformScope(project: string, stack: string, name: string): string {
  const whole = [project, stack, name];
  const readable = whole
    .join("-")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, READABLE)
    .replaceAll(/^-+|-+$/g, "");
  const digest = hash("sha256", JSON.stringify(whole), "hex").slice(0, DIGEST_LENGTH);
  return ["fungraph", readable, digest].filter((part) => part !== "").join("-");
}
