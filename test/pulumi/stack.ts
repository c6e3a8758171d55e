import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { RunningPlatform } from "../../platform/main.ts";
import { ENGINE, programPath, YAML_HOST } from "./engine/binary.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** Where the engine finds its hosts of languages. */
const HOSTS = [fileURLToPath(new URL("engine/", import.meta.url)), dirname(programPath(YAML_HOST))];

/** Where a platform is, and the keys that open it. */
type Place = Pick<RunningPlatform, "endpoint" | "projectId" | "region" | "accessKey" | "secretKey">;

/** What a command said, and how it ended. */
export interface Said {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A step of the engine as `--json` tells it. */
export interface EngineStep {
  readonly op: string;
  readonly urn: string;
  readonly detailedDiff?: Record<string, { readonly kind: string; readonly inputDiff: boolean }> | null;
}

/** A program in a folder of its own, its stack in the file backend, and Pulumi's real engine to work on it. */
export class TestStack implements Disposable {
  /** The program's folder. */
  readonly folder: string;
  readonly #base: string;
  readonly #environment: NodeJS.ProcessEnv;

  /** A program that lies in the project's own folder: everything of the project is there. */
  static ofProject(): TestStack {
    const stack = new TestStack({});
    for (const name of ["Pulumi.yaml", "package.json", "examples"])
      cpSync(join(ROOT, name), join(stack.folder, name), {
        recursive: true,
        filter: (path) => !path.endsWith("/.fungraph"),
      });
    for (const name of ["provider", "components", "launch", "model", "packaging"])
      symlinkSync(join(ROOT, name), join(stack.folder, name));
    return stack;
  }

  /** A program of somebody who has installed the published package: nothing of the project is there but that. */
  static ofPackage(program: string): TestStack {
    const stack = new TestStack({ program });
    const modules = join(stack.#base, "node_modules");
    execFileSync("npm", ["pack", "--silent", "--pack-destination", stack.#base], { cwd: ROOT });
    const packed = readdirSync(stack.#base).find((name) => name.endsWith(".tgz")) ?? "";
    rmSync(join(modules, "fungraph"));
    mkdirSync(join(modules, "fungraph"));
    execFileSync("tar", [
      "-xzf",
      join(stack.#base, packed),
      "-C",
      join(modules, "fungraph"),
      "--strip-components=1",
    ]);
    stack.write("Pulumi.yaml", PROJECT.replace("../../provider", "../../node_modules/fungraph/provider"));
    return stack;
  }

  /** @param example a folder below examples/ whose files the program begins with */
  constructor(options: { readonly example?: string; readonly program?: string; readonly platform?: Place }) {
    this.#base = mkdtempSync(join(tmpdir(), "fungraph-pulumi-"));
    this.folder = join(this.#base, "examples", "program");
    mkdirSync(join(this.#base, "state"), { recursive: true });
    if (options.example !== undefined)
      cpSync(join(ROOT, "examples", options.example), this.folder, {
        recursive: true,
        filter: (path) => !path.endsWith("/.fungraph"),
      });
    mkdirSync(this.folder, { recursive: true });
    if (options.program !== undefined) {
      this.write("Pulumi.yaml", PROJECT);
      this.write("index.ts", options.program);
    }
    this.write("package.json", '{"type": "module"}');
    symlinkSync(join(ROOT, "provider"), join(this.#base, "provider"));
    installDependencies(join(this.#base, "node_modules"));
    this.#environment = environment(this.#base, options.platform);
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), text);
  }

  /** Runs a command of Pulumi's CLI to its end. */
  async run(...args: string[]): Promise<Said> {
    const child = this.start(...args);
    return await ended(child);
  }

  /** As `run`, for commands that have to succeed; answers what was printed. */
  async must(...args: string[]): Promise<string> {
    const said = await this.run(...args);
    if (said.code === 0) return said.stdout;
    throw new Error(`pulumi ${args.join(" ")} ended with ${said.code}\n${said.stdout}\n${said.stderr}`);
  }

  /** Starts a command and leaves it to the caller to wait or to interrupt it. */
  start(...args: string[]): ChildProcess {
    return spawn(programPath(ENGINE), [...args, "--non-interactive"], {
      cwd: this.folder,
      env: this.#environment,
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  /** What a preview would do, resource by resource, without those that stay as they are. */
  async preview(...args: string[]): Promise<EngineStep[]> {
    const { steps } = JSON.parse(await this.must("preview", "--json", ...args)) as { steps: EngineStep[] };
    return steps.filter(({ op, urn }) => op !== "same" && !urn.includes("::pulumi:"));
  }

  /** The resources in the stack's state, by name, as they are stored. */
  async state(): Promise<Map<string, StoredResource>> {
    const text = await this.must("stack", "export");
    const { deployment } = JSON.parse(text) as { deployment: { resources?: StoredResource[] } };
    return new Map((deployment.resources ?? []).map((each) => [each.urn.split("::").at(-1) ?? "", each]));
  }

  [Symbol.dispose](): void {
    rmSync(this.#base, { recursive: true, force: true });
  }
}

/** A resource in a stack's state. */
export interface StoredResource {
  readonly urn: string;
  readonly id?: string;
  readonly type: string;
  readonly inputs?: Record<string, unknown>;
  readonly outputs?: Record<string, unknown>;
  readonly sourcePosition?: string;
  readonly stackTrace?: readonly { readonly sourcePosition?: string }[];
}

const PROJECT = `name: program
main: index.ts
runtime:
  name: nodejs
  options:
    typescript: false
    nodeargs: --import=fungraph/typescript
plugins:
  providers:
    - name: fungraph
      path: ../../provider
`;

function environment(base: string, platform: Place | undefined): NodeJS.ProcessEnv {
  const { PATH = "" } = process.env;
  return {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(PULUMI|FUNGRAPH)_/.test(name))),
    PATH: [join(ROOT, "node_modules/.bin"), ...HOSTS, PATH].join(delimiter),
    HOME: base,
    PULUMI_HOME: join(base, "home"),
    PULUMI_BACKEND_URL: `file://${base}/state`,
    PULUMI_CONFIG_PASSPHRASE: "a passphrase",
    PULUMI_SKIP_UPDATE_CHECK: "1",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "1",
    PULUMI_DISABLE_REGISTRY_RESOLVE: "1",
    ...(platform && {
      FUNGRAPH_ENDPOINT: platform.endpoint,
      FUNGRAPH_PROJECT: platform.projectId,
      FUNGRAPH_REGION: platform.region,
      FUNGRAPH_ACCESS_KEY: platform.accessKey,
      FUNGRAPH_SECRET_KEY: platform.secretKey,
    }),
  };
}

/** What `npm install` would have put there, by links: the project's own dependencies and the project itself. */
function installDependencies(folder: string): void {
  mkdirSync(folder);
  const modules = join(ROOT, "node_modules");
  for (const name of readdirSync(modules)) symlinkSync(join(modules, name), join(folder, name));
  symlinkSync(ROOT, join(folder, "fungraph"));
}

/** Waits for a command and collects what it says. */
export async function ended(child: ChildProcess): Promise<Said> {
  let [stdout, stderr] = ["", ""];
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  return await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, stdout, stderr }));
  });
}
