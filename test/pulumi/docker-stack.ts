import { execFileSync } from "node:child_process";
import { mkdtempSync, rmdirSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { platformScope } from "../../components/docker/names.ts";
import { Engine } from "../../platform/drivers/docker/engine.ts";
import { base } from "../images/bases.ts";
import { noEngine } from "../images/engine.ts";
import { childrenOf, gone } from "./interruption.ts";
import { missingEngine } from "./engine/binary.ts";
import { ended, type Said, TestStack } from "./stack.ts";

const DOUBLE = fileURLToPath(new URL("../support/docker-plugin", import.meta.url));

const PROJECT = `name: program
main: index.ts
runtime:
  name: nodejs
  options:
    typescript: false
plugins:
  providers:
    - name: fungraph
      path: ../../provider
    - name: docker
      path: ${DOUBLE}
`;

/** Deploys a platform and a function onto it. */
const PROGRAM = `
import * as pulumi from "@pulumi/pulumi";
import * as fg from "fungraph";

const config = new pulumi.Config();
const platform = new fg.Platform("platform", {
  runtimes: [fg.Runtime.NodeJs20],
  imageBases: { [fg.Runtime.NodeJs20]: config.require("base"), platform: config.require("platformBase") },
  port: config.requireNumber("port"),
  memoryMb: config.getNumber("memoryMb") ?? 512,
  poolSize: 1,
  idleSeconds: config.getNumber("idleSeconds") ?? 600,
});
const hello = new fg.Function("hello", {
  runtime: fg.Runtime.NodeJs20,
  handler: "index.handler",
  code: "./hello",
  environment: { TEXT: config.get("text") ?? "hello" },
});
export const url = hello.onHttp("greet", { path: "/greet", auth: fg.HttpAuth.None }).url;
export const { endpoint, projectId, accessKey, secretKey } = platform;
`;

const CODE = `exports.handler = async (_event, context) => ({
  statusCode: 200, headers: {}, isBase64Encoded: false, body: context.getUserData("TEXT"),
});
`;

/** Why a platform on Docker cannot be tested here; undefined when it can. */
export async function missingForDocker(): Promise<string | undefined> {
  return missingEngine() ?? (await noEngine());
}

/** A port of this machine that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A stack whose platform runs on the machine's Docker Engine, under the docker plugin's test double. */
export class DockerStack implements AsyncDisposable {
  readonly stack: TestStack;
  readonly #engine = new Engine();
  readonly #name = `t${process.pid}`;
  #settings: Settings = {};
  #url: string | undefined;
  #disk: string | undefined;

  private constructor(stack: TestStack) {
    this.stack = stack;
  }

  /** @param port of the platform; free by the time that it starts. @param program default: a platform and a function on it */
  static async open(port: number, program = PROGRAM): Promise<DockerStack> {
    const docker = new DockerStack(new TestStack({ program }));
    const { stack } = docker;
    stack.write("Pulumi.yaml", PROJECT);
    stack.write("hello/index.js", CODE);
    await stack.must("stack", "init", docker.#name);
    const image = await base(docker.#engine, "nodejs");
    docker.#settings = {
      "fungraph:target": "docker",
      "docker:host": `unix://${docker.#engine.socketPath}`,
      base: image,
      platformBase: image,
      port: String(port),
    };
    return docker;
  }

  /** Runs `up` with other settings than the usual ones. */
  up(settings: Settings = {}): Promise<Said> {
    return this.stack.run("up", "--yes", "--skip-preview", ...this.configure(settings));
  }

  /**
   * Ends a run as soon as the engine says that it is at a step, and waits until its plugins are gone too. An earlier run that was told late may
   * have taken the step already: then this one ends well.
   */
  async interrupt(command: "up" | "destroy", step: string, signal: NodeJS.Signals): Promise<void> {
    const settings = command === "up" ? this.configure() : [];
    const run = this.stack.start(command, "--yes", "--skip-preview", ...settings);
    let plugins: readonly number[] | undefined;
    let said = "";
    run.stdout?.on("data", (text: Buffer) => {
      said += text.toString();
      if (plugins !== undefined || !said.includes(`:${step}`)) return;
      plugins = childrenOf(run);
      run.kill(signal);
    });
    const { code, stderr } = await ended(run);
    expect(plugins !== undefined || code === 0, said + stderr).toBe(true);
    expect(said + stderr).not.toContain("please report");
    await Promise.all((plugins ?? []).map(gone));
    // A run that was killed has left its lock.
    await this.stack.run("cancel", "--yes");
  }

  must(command: "up" | "refresh" | "destroy", ...args: string[]): Promise<string> {
    const settings = command === "up" ? this.configure() : [];
    return this.stack.must(command, "--yes", "--skip-preview", ...settings, ...args);
  }

  /** Adds to the usual settings. */
  settle(settings: Settings): void {
    this.#settings = { ...this.#settings, ...settings };
  }

  /** Arguments with all settings: Pulumi keeps those of one run for the next. */
  configure(settings: Settings = {}): string[] {
    const all = Object.entries({ ...this.#settings, ...settings });
    return all.flatMap(([name, value]) => ["--config", `${name}=${value}`]);
  }

  async outputs(...args: string[]): Promise<Record<string, string>> {
    return JSON.parse(await this.stack.must("stack", "output", "--json", ...args)) as Record<string, string>;
  }

  /** What the deployed function answers. */
  async greeting(): Promise<string> {
    this.#url ??= (await this.outputs())["url"];
    return (await fetch(this.#url ?? "", { signal: AbortSignal.timeout(10_000) })).text();
  }

  /** Ids of the containers that the platform itself runs in. */
  async platforms(): Promise<string[]> {
    return (await this.#containers()).filter(({ Labels }) => Labels[PART] === "platform").map(({ Id }) => Id);
  }

  /** Ids of the containers that it has made. */
  async instances(): Promise<string[]> {
    return (await this.#containers()).filter(({ Labels }) => !(PART in Labels)).map(({ Id }) => Id);
  }

  /** Everything of the stack on the engine, by kind and name. */
  async inventory(): Promise<string[]> {
    const containers = await this.#containers();
    const networks = await this.#labelled("/networks?");
    const { Volumes } = await this.#ask<{ Volumes: Labelled[] | null }>(`/volumes?${STACKS}`);
    const images = await this.#ask<{ RepoTags: string[] | null }[]>("/images/json");
    return [
      ...containers.map(({ Id }) => `container ${Id}`),
      ...networks.map(({ Name }) => `network ${Name}`),
      ...(Volumes ?? []).filter((each) => this.#isOurs(each)).map(({ Name }) => `volume ${Name}`),
      ...images
        .flatMap(({ RepoTags }) => RepoTags ?? [])
        .filter((tag) => tag.startsWith(`${this.#scope}/`))
        .map((tag) => `image ${tag}`),
    ].sort();
  }

  /** Makes the platform's volume a disk of this size, before the platform does. */
  async makeDisk(size: string): Promise<void> {
    const device = mkdtempSync(join(tmpdir(), "fungraph-disk-"));
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", device]);
    this.#disk = device;
    const DriverOpts = { type: "none", o: "bind", device };
    const json = { Name: this.#volume, DriverOpts, Labels: { [STACK]: this.#scope, [PART]: "data" } };
    await this.#engine.ask({ method: "POST", path: "/volumes/create", json });
  }

  /** Gives that disk another size. */
  resizeDisk(size: string): void {
    execFileSync("mount", ["-o", `remount,size=${size}`, this.#disk ?? ""]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if ((await this.inventory()).length > 0) await this.stack.run("destroy", "--yes", "--skip-preview");
    this.stack[Symbol.dispose]();
    // Nobody may have declared it, when a test has failed early.
    const removed = this.#engine.ask({ method: "DELETE", path: `/volumes/${this.#volume}` });
    await removed.catch(() => undefined);
    this.#engine.close();
    if (this.#disk === undefined) return;
    execFileSync("umount", [this.#disk]);
    rmdirSync(this.#disk);
  }

  get #scope(): string {
    return platformScope("program", this.#name, "platform");
  }

  get #volume(): string {
    return `${this.#scope}-data`;
  }

  #containers(): Promise<Labelled[]> {
    return this.#labelled("/containers/json?all=1&");
  }

  async #labelled(path: string): Promise<Labelled[]> {
    return (await this.#ask<Labelled[]>(path + STACKS)).filter((each) => this.#isOurs(each));
  }

  #isOurs({ Labels }: Labelled): boolean {
    return Labels[STACK] === this.#scope;
  }

  #ask<T>(path: string): Promise<T> {
    return this.#engine.ask<T>({ method: "GET", path });
  }
}

type Settings = Readonly<Record<string, string>>;

interface Labelled {
  readonly Id: string;
  readonly Name: string;
  readonly Labels: Readonly<Record<string, string>>;
}

const STACK = "fungraph.stack";
const PART = "fungraph.part";
const STACKS = `filters=${encodeURIComponent(JSON.stringify({ label: [STACK] }))}`;
