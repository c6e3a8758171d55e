import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { Transport } from "../../client/transport.ts";
import type { Engine } from "../../platform/drivers/docker/engine.ts";
import { diffProperties, type DiffRules } from "../diff.ts";
import { checkInputs, type InputRules } from "../input-check.ts";
import { RefusedError, type ResourceLogic } from "../resource.ts";
import { UNKNOWN } from "../unknown.ts";
import { engineHost, unlessGone, withEngine } from "./engine-access.ts";

interface AccessInputs {
  readonly container: string;
  readonly data: string;
  readonly endpoint: string;
  readonly host?: string | undefined;
}

const keysSchema = z.object({
  projectId: z.string().describe("Project that functions belong to."),
  region: z.string().describe("Region in the platform's URNs."),
  accessKey: z.string().describe("Access key of the platform's first user."),
  secretKey: z.string().describe("Secret key that belongs to it."),
});
type AccessState = AccessInputs & z.infer<typeof keysSchema>;

const schema = {
  inputs: z.strictObject({
    container: z.string().describe("Id of the platform's container."),
    data: z.string().describe("Name of its volume, which the keys live as long as."),
    endpoint: z.string().describe("Address of the platform's API."),
    host: engineHost,
  }),
  outputs: keysSchema,
};

const rules: InputRules<AccessInputs> = {
  schema: schema.inputs,
  standIns: { container: "container", data: "data", endpoint: "http://127.0.0.1" },
  faults: () => [],
};

const differ: DiffRules = {
  inputs: ["container", "data", "endpoint", "host"],
  replace: ["data"],
  identity: [],
};

/** What platform/image/settings.ts says. */
const FILE = "/var/lib/fungraph/access.json";
const WAIT_MS = 120_000;
const POLL_MS = 300;
const ANSWER_MS = 3000;
/** After so many ends it will not get better by itself. */
const MOST_RESTARTS = 3;
const ENDED = ["exited", "dead", "removing", "paused"];
const LAST_LINES = 5;

/** The keys are made by the platform, in its volume, and read from there: they pass through no setting of a container. */
export const dockerAccessLogic: ResourceLogic<AccessInputs, AccessState> = {
  about: "The keys of a platform that runs in a container, there as soon as it serves.",
  apart: true,
  schema,
  fixed: differ.replace,
  secrets: ["secretKey"],
  check: (given) => checkInputs(rules, given),
  diff: (old, next) => diffProperties(differ, old, next),

  predict(inputs, _place, old) {
    const kept = old !== undefined && old.data === inputs.data;
    const names = Object.keys(keysSchema.shape) as (keyof z.infer<typeof keysSchema>)[];
    return Object.fromEntries(names.map((name) => [name, kept ? old[name] : UNKNOWN]));
  },

  async create(_context, inputs) {
    return { id: inputs.data, state: { ...inputs, ...(await keysOf(inputs)) } };
  },

  async read(_context, id, known) {
    const { host, container = "" } = known;
    return withEngine(host, async (engine) => {
      const keys = await unlessGone(readKeys(engine, container));
      return keys && { id, state: { ...(known as AccessInputs), ...keys } };
    });
  },

  async update(_context, _id, _old, next) {
    return { ...next, ...(await keysOf(next)) };
  },

  async delete() {
    // They go with the volume.
  },
};

interface Inspected {
  readonly State: {
    readonly Status: string;
    readonly ExitCode: number;
  };
  readonly RestartCount: number;
}

/** Waits until the platform serves. Rejects with its last words when it does not. */
async function keysOf({ host, container, endpoint }: AccessInputs): Promise<z.infer<typeof keysSchema>> {
  return withEngine(host, async (engine) => {
    const first = await inspect(engine, container);
    // One that could not start earlier waits longer and longer between its tries.
    if (first.State.Status !== "running") await restart(engine, container);
    for (const until = Date.now() + WAIT_MS; ; await sleep(POLL_MS)) {
      const { State, RestartCount } = await inspect(engine, container);
      const late = RestartCount - first.RestartCount >= MOST_RESTARTS || Date.now() > until;
      if (late || ENDED.includes(State.Status)) throw await lastWords(engine, container, State);
      const keys = State.Status === "running" ? await readKeys(engine, container) : undefined;
      if (keys !== undefined && (await serves(endpoint, keys))) return keys;
    }
  });
}

function inspect(engine: Engine, container: string): Promise<Inspected> {
  return engine.ask<Inspected>({ method: "GET", path: `/containers/${container}/json` });
}

function restart(engine: Engine, container: string): Promise<void> {
  return engine.ask({ method: "POST", path: `/containers/${container}/restart?t=0` });
}

/** Only the platform whose keys these are answers a call that they sign. */
async function serves(endpoint: string, keys: z.infer<typeof keysSchema>): Promise<boolean> {
  const transport = new Transport({ ...keys, endpoint, retries: 0, timeoutMs: ANSWER_MS });
  try {
    await transport.send({ method: "GET", path: "/fungraph/v1/health" });
    return true;
  } catch {
    return false;
  } finally {
    transport.close();
  }
}

async function readKeys(engine: Engine, container: string): Promise<z.infer<typeof keysSchema> | undefined> {
  const { readFile } = await import("../../runtime-images/build/base-image.ts");
  const text = await readFile(engine, container, FILE);
  return text === undefined ? undefined : keysSchema.parse(JSON.parse(text));
}

async function lastWords(
  engine: Engine,
  container: string,
  { Status, ExitCode }: Inspected["State"],
): Promise<Error> {
  const { Demultiplexer } = await import("../../platform/drivers/docker/output.ts");
  let said = "";
  const words = new Demultiplexer((chunk) => (said += chunk.toString()));
  const path = `/containers/${container}/logs?stdout=1&stderr=1&tail=${LAST_LINES}`;
  words.push(await engine.bytes({ method: "GET", path }));
  return new RefusedError(
    `The platform's container does not serve: it is ${Status}, and ended last with code ${ExitCode}. It said: ${said.trim() || "nothing"}\n` +
      "Mend that and run `pulumi up` again; `docker logs` shows more.",
  );
}
