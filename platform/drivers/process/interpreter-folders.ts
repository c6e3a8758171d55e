import { join } from "node:path";
import type { Runtime, RuntimeFamily } from "../../../model/runtimes.ts";
import type { Interpreter } from "./languages/language.ts";

const INTERPRETERS = "/opt/function/runtime";
/** The folder of an interpreter below that of its version (guide table 3-8); bootstraps for other code run on Node.js. */
const FOLDERS: Partial<Record<RuntimeFamily, string>> = {
  nodejs: "nodejs",
  custom: "nodejs",
  http: "nodejs",
  python: "python",
  java: "jre",
};

/** Where an interpreter is inside a sandbox: one in /usr is seen where it is, others where the guide has them. */
export function folderInside({ prefix, family, name }: Interpreter): string {
  return prefix === "/usr" ? prefix : join(INTERPRETERS, name, "rtsp", FOLDERS[family] ?? family);
}

/** The paths of guide table 3-8, such as `/opt/function/runtime/nodejs14.18/rtsp/nodejs`, and where they lead. */
export function documentedFolders(served: ReadonlyMap<Runtime, Interpreter>): ReadonlyMap<string, string> {
  const folders = new Map<string, string>();
  for (const [{ family, version }, interpreter] of served) {
    const folder = FOLDERS[family];
    const path = join(INTERPRETERS, family + version, "rtsp", folder ?? "");
    if (folder !== undefined && version !== "" && path !== folderInside(interpreter))
      folders.set(path, folderInside(interpreter));
  }
  return folders;
}
