import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { workerData, type MessagePort } from "node:worker_threads";
import { ZipArchive } from "archiver";
import { build } from "esbuild";
import type { CodeAnswer, CodeRequest, PackedCode } from "./code.ts";

const { port, answered } = workerData as { port: MessagePort; answered: Int32Array };

port.on("message", (request: CodeRequest) => {
  void answer(request).then((message) => {
    port.postMessage(message);
    Atomics.store(answered, 0, 1);
    Atomics.notify(answered, 0);
  });
});

async function answer(request: CodeRequest): Promise<CodeAnswer> {
  try {
    const bytes = await zip(await files(request));
    return { faults: [], packed: keep(bytes, request) };
  } catch (error) {
    return { faults: [], broken: error instanceof Error ? error.message : String(error) };
  }
}

async function files(request: CodeRequest): Promise<[string, Buffer][]> {
  const path = join(request.program, request.code);
  if (path.endsWith(".ts")) {
    const bundled = await build({
      entryPoints: [path],
      bundle: true,
      platform: "node",
      format: "cjs",
      write: false,
      logLevel: "silent",
    });
    return [[`${basename(path, ".ts")}.js`, Buffer.from(bundled.outputFiles[0]?.contents ?? [])]];
  }
  const names = readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return names
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((name) => !name.includes("__pycache__"))
    .sort()
    .map((name) => [relative(path, name), readFileSync(name)]);
}

async function zip(entries: [string, Buffer][]): Promise<Buffer> {
  const archive = new ZipArchive({});
  const chunks: Buffer[] = [];
  archive.on("data", (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise((resolve, reject) => archive.on("end", resolve).on("error", reject));
  for (const [name, bytes] of entries)
    archive.append(bytes, { name, date: new Date("1980-01-01T00:00:00Z"), mode: 0o644 });
  await archive.finalize();
  await ended;
  return Buffer.concat(chunks);
}

function keep(bytes: Buffer, request: CodeRequest): PackedCode {
  const codeDigest = createHash("sha512").update(bytes).digest("hex");
  const codeArchive = `.fungraph/code/${codeDigest.slice(0, 32)}.zip`;
  const path = join(request.program, codeArchive);
  if (statSync(path, { throwIfNoEntry: false }) === undefined) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.new`, bytes);
    renameSync(`${path}.new`, path);
  }
  return { codeDigest, codeSize: bytes.length, codeFilename: "index.zip", codeType: "zip", codeArchive };
}
