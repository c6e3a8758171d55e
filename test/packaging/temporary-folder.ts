import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A folder that goes with the test: `using folder = temporaryFolder({ "index.js": "..." })`. */
export function temporaryFolder(
  files: Readonly<Record<string, string | Buffer>> = {},
): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), "fungraph-packaging-"));
  for (const [name, content] of Object.entries(files)) put(path, name, content);
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** Writes one file into a folder, with the folders it needs. */
export function put(folder: string, name: string, content: string | Buffer, mode = 0o644): void {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  chmodSync(path, mode);
}
