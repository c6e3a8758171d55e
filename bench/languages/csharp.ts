import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ZipArchive } from "archiver";
import { CodeType } from "../../model/runtimes.ts";
import { built } from "../../platform/drivers/process/languages/built.ts";
import {
  bootstrapRecipe,
  COMMON,
  compile,
  EVENTS,
} from "../../platform/drivers/process/languages/csharp-build.ts";
import { toolchains } from "../../platform/drivers/process/languages/csharp.ts";
import type { BenchLanguage } from "./language.ts";

const IMAGE = fileURLToPath(new URL("../../runtime-images/csharp", import.meta.url));
const SOURCE = `using System.Collections.Generic;
using HC.Serverless.Function.Common;
using HC.Serverless.Function.Events;

namespace Bench
{
    public class Echo
    {
        private static readonly Dictionary<string, string> Headers =
            new Dictionary<string, string> { { "Content-Type", "application/json" } };

        public ApigResponse Handler(ApigEvent input, IFunctionContext context)
        {
            return new ApigResponse { StatusCode = 200, Headers = Headers, Body = input.BodyText };
        }
    }
}
`;

let packed: Promise<Buffer> | undefined;

export const csharp: BenchLanguage = {
  family: "csharp",
  name: "C#",
  handler: "Echo::Bench.Echo::Handler",
  goalMs: { spawned: 119, pooled: 15 },
  code: async () => ({ type: CodeType.Zip, file: await (packed ??= pack()), filename: "echo.zip" }),
};

async function pack(): Promise<Buffer> {
  const [machine] = await toolchains();
  if (machine === undefined) throw new Error("no C# compiler on this machine");
  const { toolchain } = machine;
  const bootstrap = await built(bootstrapRecipe(IMAGE, toolchain));
  const folder = await mkdtemp(join(tmpdir(), "fungraph-bench-csharp-"));
  try {
    await writeFile(join(folder, "Echo.cs"), SOURCE);
    const references = [COMMON, EVENTS].map((name) => `-r:${join(bootstrap, name)}`);
    const options = ["-target:library", `-out:${join(folder, "Echo.dll")}`, ...references];
    await compile(toolchain, options, [join(folder, "Echo.cs")]);
    const zip = new ZipArchive();
    zip.append(await readFile(join(folder, "Echo.dll")), { name: "Echo.dll" });
    void zip.finalize();
    return Buffer.concat(await zip.toArray());
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
