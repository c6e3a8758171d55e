import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Where Go's own archive puts it, which not every PATH has. */
const USUAL = "/usr/local/go/bin";

/** The `go` command of this machine: on PATH, or where Go is usually installed; undefined when there is none. */
export function goCommand(): string | undefined {
  return [...(process.env["PATH"] ?? "").split(delimiter), USUAL]
    .map((folder) => join(folder, "go"))
    .find((path) => existsSync(path));
}
