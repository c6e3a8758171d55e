import { fileURLToPath } from "node:url";
import { Engine } from "../../platform/drivers/docker/engine.ts";
import { base } from "../images/bases.ts";
import { noEngine } from "../images/engine.ts";
import { missingEngine } from "./engine/binary.ts";
import { TestStack } from "./stack.ts";

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
const base = config.get("base");
const platform = new fg.Platform("platform", {
  runtimes: [fg.Runtime.NodeJs20],
  ...(base && { imageBases: { [fg.Runtime.NodeJs20]: base, platform: base } }),
  port: config.requireNumber("port"),
  memoryMb: config.getNumber("memoryMb") ?? 512,
  poolSize: 1,
  idleSeconds: 600,
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

/** A stack whose platform runs on the machine's Docker Engine, under the docker plugin's test double. */
export async function dockerStack(port: number): Promise<TestStack> {
  const engine = new Engine();
  const stack = new TestStack({ program: PROGRAM });
  stack.write("Pulumi.yaml", PROJECT);
  stack.write("hello/index.js", CODE);
  await stack.must("stack", "init", `t${process.pid}`);
  const settings = { "fungraph:target": "docker", base: await base(engine, "nodejs"), port: String(port) };
  for (const [name, value] of Object.entries(settings)) await stack.must("config", "set", name, value);
  engine.close();
  return stack;
}

/** Everything of stacks on the engine, by kind and name. Other tests make and remove things of their own, which bear no such label. */
export async function inventory(): Promise<string[]> {
  const engine = new Engine();
  const filters = `filters=${encodeURIComponent(JSON.stringify({ label: ["fungraph.stack"] }))}`;
  const ask = <T>(path: string): Promise<T> => engine.ask<T>({ method: "GET", path });
  const containers = await ask<{ Names: string[]; Labels: Labels }[]>(`/containers/json?all=1&${filters}`);
  const networks = await ask<{ Name: string; Labels: Labels }[]>(`/networks?${filters}`);
  const { Volumes } = await ask<{ Volumes: { Name: string; Labels: Labels }[] | null }>(
    `/volumes?${filters}`,
  );
  const images = await ask<{ RepoTags: string[] | null }[]>("/images/json");
  engine.close();
  return [
    ...containers.filter(ours).map(({ Names }) => `container ${Names[0]}`),
    ...networks.filter(ours).map(({ Name }) => `network ${Name}`),
    ...(Volumes ?? []).filter(ours).map(({ Name }) => `volume ${Name}`),
    ...images
      .flatMap(({ RepoTags }) => RepoTags ?? [])
      .filter((tag) => tag.startsWith(`fungraph-program-t${process.pid}-`))
      .map((tag) => `image ${tag}`),
  ].sort();
}

type Labels = Readonly<Record<string, string>>;

function ours({ Labels }: { readonly Labels: Labels }): boolean {
  return Labels["fungraph.stack"]?.startsWith(`fungraph-program-t${process.pid}-`) === true;
}
