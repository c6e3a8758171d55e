import { writeFile } from "node:fs/promises";
import type { CommandModule } from "yargs";
import type { PackedCode } from "../../packaging/pack.ts";
import { formatBytes } from "../terminal/measure.ts";
import { print, printJson } from "../terminal/screen.ts";
import { renderTable } from "../terminal/table.ts";

interface Options {
  code: string;
  runtime: string;
  handler: string;
  out: string | undefined;
  json: boolean;
}

/** `fungraph package CODE`: packs and checks a function's code, as a deployment would. */
export const packageCommand: CommandModule<object, Options> = {
  command: "package <code>",
  describe: "Pack a function's code and check it by every rule",
  builder: (yargs) =>
    yargs
      .positional("code", {
        type: "string",
        demandOption: true,
        describe: "Folder, .zip or .jar file, or .ts entry",
      })
      .option("runtime", {
        alias: "r",
        type: "string",
        demandOption: true,
        describe: "Runtime, for example Node.js20.15",
      })
      .option("handler", {
        alias: "H",
        type: "string",
        demandOption: true,
        describe: "Entry in the code, for example index.handler",
      })
      .option("out", { alias: "o", type: "string", describe: "Write the archive to this file" })
      .option("json", { type: "boolean", default: false, describe: "Print JSON" })
      .example("$0 package . -r Python3.12 -H index.handler", "check it")
      .example("$0 package a.jar -r Java17 -H shop.Cart.add", "check what another tool has packed")
      .example("$0 package . -r Go1.x -H greet -o greet.zip", "compile a Go module, and keep the archive"),
  handler: async ({ code, runtime, handler, out, json }) => {
    const { packCode } = await import("../../packaging/pack.ts");
    const packed = await packCode({ code, root: process.cwd(), runtime, handler });
    const files = await listFiles(packed);
    if (out !== undefined) await writeFile(out, packed.archive);
    const { size, digest, type } = packed;
    if (json) printJson({ size, digest, type, files });
    else tell(packed, files, out);
  },
};

interface Packed {
  readonly name: string;
  readonly bytes: number;
}

async function listFiles({ filename, archive }: PackedCode): Promise<Packed[]> {
  const { openArchive } = await import("../../packaging/archive.ts");
  const { tree } = await openArchive(filename, archive);
  return [...tree.values()].map((file) => ({ name: file.name, bytes: file.size }));
}

function tell(packed: PackedCode, files: readonly Packed[], out: string | undefined): void {
  print(
    renderTable(
      ["File", "Size"],
      files.map((file) => [file.name, formatBytes(file.bytes)]),
    ),
  );
  print();
  print(
    `${files.length} ${files.length === 1 ? "file" : "files"}, ${formatBytes(packed.size)} packed${out === undefined ? "" : `, written to ${out}`}`,
  );
  print(`SHA-512 ${packed.digest}`);
}
