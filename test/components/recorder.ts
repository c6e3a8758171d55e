import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import * as pulumi from "@pulumi/pulumi";

/** A resource as a program registered it. */
export interface Recorded {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

const SECRET = "4dabf18193072939515e22adb298388d";

/** Pulumi's mock runtime with a memory; one for each test file. */
export class Recorder {
  readonly #recorded: Recorded[] = [];

  /**
   * Has to be awaited before anything that makes resources is imported.
   * @param preview true for what programs say in previews alone
   */
  static async start(preview = false): Promise<Recorder> {
    const recorder = new Recorder();
    await pulumi.runtime.setMocks(
      {
        call: () => ({}),
        newResource: ({ type, name, inputs }) => {
          const plain = inputs as Record<string, unknown>;
          recorder.#recorded.push({ type, name, inputs: unwrap(plain) as Record<string, unknown> });
          return { id: `${name}-id`, state: { ...plain, ...outputs(type, plain) } };
        },
      },
      "shop",
      "test",
      preview,
    );
    return recorder;
  }

  /**
   * Runs a program and answers what it registered, by type and name, once all of it is.
   * @param program resources that wait for outputs of others are not waited for, unless it does
   */
  async record(program: () => void | Promise<void>): Promise<Recorded[]> {
    this.#recorded.length = 0;
    await program();
    await pulumi.runtime.disconnect();
    return [...this.#recorded].sort((a, b) => compare(`${a.type} ${a.name}`, `${b.type} ${b.name}`));
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** Secrets are told by a leading mark, so that tests see which values are. */
function unwrap(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unwrap);
  if (typeof value !== "object" || value === null) return value;
  if (SECRET in value) return { secret: (value as unknown as { value: unknown }).value };
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, unwrap(each)]));
}

function outputs(type: string, inputs: Record<string, unknown>): Record<string, unknown> {
  const urn = "urn:fss:region:project:function:default:hello";
  if (type.endsWith(":Function"))
    return { functionUrn: `urn:fss:region:project:function:default:${String(inputs["name"])}:latest` };
  if (type.endsWith(":Version")) return { version: inputs["name"] ?? "v20260101-000000" };
  if (type.endsWith(":Vpc")) return vpcOutputs(inputs);
  if (type.endsWith(":FileSystem")) return { fileSystemId: `${String(inputs["name"])}-system` };
  if (type.endsWith(":Dependency")) return { versionId: `${String(inputs["name"]).split(".")[0]}-version` };
  if (type.endsWith(":Alias")) return { aliasUrn: `${urn}:!${String(inputs["name"])}` };
  return {};
}

/** A folder for a program, with files; it is the working folder until it is disposed of. */
export class ProgramFolder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), "fungraph-program-"));
  readonly #before = process.cwd();

  constructor(files: Readonly<Record<string, string>>) {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.path, name)), { recursive: true });
      writeFileSync(join(this.path, name), text);
    }
    process.chdir(this.path);
  }

  [Symbol.dispose](): void {
    process.chdir(this.#before);
    rmSync(this.path, { recursive: true, force: true });
  }
}

function vpcOutputs({ name, subnets }: Record<string, unknown>): Record<string, unknown> {
  const names = (subnets as { name: string }[]).map((subnet) => subnet.name);
  return {
    vpcId: `${String(name)}-vpc`,
    subnetIds: Object.fromEntries(names.map((one) => [one, `${one}-subnet`])),
  };
}
