import { ZipArchive } from "archiver";
import { CodeType } from "../../model/runtimes.ts";
import type { BenchCode } from "./language.ts";

/** The guide's path of Node.js; without a sandbox there is no such path. */
const BOOTSTRAP = `#!/bin/sh
node=/opt/function/runtime/nodejs20.15/rtsp/nodejs/bin/node
[ -x "$node" ] || node=node
exec "$node" "$RUNTIME_CODE_ROOT/main.js"
`;

/** Code with a `bootstrap` that runs a program on Node.js. */
export async function programCode(source: string): Promise<BenchCode> {
  const zip = new ZipArchive();
  zip.append(BOOTSTRAP, { name: "bootstrap", mode: 0o755 });
  zip.append(source, { name: "main.js" });
  void zip.finalize();
  return { type: CodeType.Zip, file: Buffer.concat(await zip.toArray()), filename: "code.zip" };
}
