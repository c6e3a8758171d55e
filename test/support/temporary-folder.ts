import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Gives one run of the tests a temporary folder of its own, and removes it with whatever killed processes left there. The name
 * is short, since sockets lie in it and their paths may have 107 bytes.
 */
export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), "fg-"));
  // A database server refuses to run as root, and must reach its own folder.
  chmodSync(folder, 0o711);
  process.env["TMPDIR"] = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
