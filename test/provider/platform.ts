import { hash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "../../client/client.ts";
import { packCode } from "../../packaging/pack.ts";
import { type RunningPlatform, startPlatform } from "../../platform/main.ts";
import type { Context, Properties } from "../../provider/resource.ts";
import { resources } from "../../provider/resources.ts";

/** A real platform in this process, a client for it, and archives of Node.js code for the provider to read. */
export class TestPlatform implements AsyncDisposable {
  readonly client: Client;
  readonly context: Context;
  readonly running: RunningPlatform;
  readonly #folder: string;
  readonly #archives = new Map<string, Buffer>();

  private constructor(running: RunningPlatform, folder: string) {
    this.running = running;
    this.#folder = folder;
    this.client = new Client(running);
    this.context = {
      client: this.client,
      readArchive: async (path) => {
        const archive = this.#archives.get(path);
        if (archive === undefined) throw new Error(`no archive ${path}`);
        return archive;
      },
    };
  }

  /** @param folder what it keeps, gone with it; by default a folder of its own */
  static async start(folder?: string): Promise<TestPlatform> {
    return await TestPlatform.#startIn(folder ?? (await mkdtemp(join(tmpdir(), "fungraph-provider-"))));
  }

  static async #startIn(folder: string): Promise<TestPlatform> {
    const running = await startPlatform({ dataDir: folder, isolation: "bare", poolSize: 0 });
    return new TestPlatform(running, folder);
  }

  /** Inputs of a function that answers with `text`, and its archive for the provider to find. */
  async function(name: string, text: string, more: Properties = {}): Promise<Properties> {
    const source = `exports.handler = async (_event, _context) => ({ text: ${JSON.stringify(text)} });\n`;
    const folder = await mkdtemp(join(this.#folder, "code-"));
    await writeFile(join(folder, "index.js"), source);
    const entry = { runtime: "Node.js20.15", handler: "index.handler" };
    const { archive, digest, size, filename, type } = await packCode({
      ...entry,
      code: folder,
      root: folder,
    });
    const codeArchive = `.fungraph/code/${digest.slice(0, 32)}.zip`;
    this.#archives.set(codeArchive, archive);
    const code = { codeType: type, codeSize: size, codeDigest: digest, codeFilename: filename, codeArchive };
    return { name, ...entry, ...code, ...more };
  }

  /** Puts the archive of a dependency where the provider finds it. */
  keep(archive: Buffer): Properties {
    const codeEtag = hash("md5", archive, "hex");
    const codeArchive = `.fungraph/code/${codeEtag}.zip`;
    this.#archives.set(codeArchive, archive);
    return { codeEtag, codeSize: archive.length, codeArchive };
  }

  /** Makes a function as somebody else would. */
  async create(given: Properties): Promise<void> {
    const logic = resources["fungraph:index:Function"];
    await logic?.create(this.context, logic.check(given).inputs);
  }

  /** The URN of a function in the default application. */
  urn(name: string): string {
    const { region, projectId } = this.running;
    return `urn:fss:${region}:${projectId}:function:default:${name}:latest`;
  }

  /** What the function answers. */
  async call(urn: string): Promise<unknown> {
    const { result } = await this.client.invocations.invoke(urn, "{}");
    return JSON.parse(result.toString("utf8"));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.client.close();
    await this.running.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
