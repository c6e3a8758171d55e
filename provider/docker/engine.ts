import { createServer } from "node:net";
import { z } from "zod";
import type { Engine } from "../../platform/drivers/docker/engine.ts";
import type { EngineFacts } from "../../platform/drivers/docker/engine-facts.ts";
import { diffProperties, type DiffRules } from "../diff.ts";
import { checkInputs, type InputRules } from "../input-check.ts";
import { RefusedError, type ResourceLogic } from "../resource.ts";
import { UNKNOWN } from "../unknown.ts";
import { engineHost, withEngine } from "./engine-access.ts";

interface EngineInputs {
  readonly platform: string;
  readonly address: string;
  readonly port: number;
  readonly host?: string | undefined;
}

type EngineState = EngineInputs & { readonly socket: string };

const schema = {
  inputs: z.strictObject({
    platform: z.string().min(1).describe("What everything of the platform on the engine is labelled with."),
    address: z.string().describe("Address that the platform will listen on."),
    port: z.int().describe("Port that the platform will listen on."),
    host: engineHost,
  }),
  outputs: z.object({ socket: z.string().describe("Path of the engine's socket.") }),
};

const rules: InputRules<EngineInputs> = {
  schema: schema.inputs,
  standIns: { platform: "platform", address: "127.0.0.1", port: 1 },
  faults: () => [],
};

const differ: DiffRules = {
  inputs: ["platform", "address", "port", "host"],
  replace: ["platform", "host"],
  identity: ["platform"],
};

/** Looked at before anything is made on it. */
export const dockerEngineLogic: ResourceLogic<EngineInputs, EngineState> = {
  about: "The Docker Engine that a platform uses, able to run functions and with the port free.",
  apart: true,
  schema,
  fixed: differ.replace,
  secrets: [],
  check: (given) => checkInputs(rules, given),
  diff: (old, next) => diffProperties(differ, old, next),
  predict: (_inputs, _place, old) => ({ socket: old?.socket ?? UNKNOWN }),

  async create(_context, inputs) {
    return withEngine(inputs.host, async (engine) => {
      await checkFacts(engine);
      await checkPort(engine, inputs);
      return { id: inputs.platform, state: { ...inputs, socket: engine.socketPath } };
    });
  },

  async read(_context, id, known) {
    const inputs = { address: "", port: 0, ...known, platform: id };
    return withEngine(inputs.host, async (engine) => {
      await checkFacts(engine);
      return { id, state: { ...inputs, socket: engine.socketPath } };
    });
  },

  async update(_context, _id, old, next) {
    return withEngine(next.host, async (engine) => {
      if (old.port !== next.port || old.address !== next.address) await checkPort(engine, next);
      return { ...next, socket: engine.socketPath };
    });
  },

  async delete() {
    // It was there before, and it stays.
  },
};

async function checkFacts(engine: Engine): Promise<void> {
  const { checkEngine } = await import("../../platform/drivers/docker/engine-facts.ts");
  checkEngine(await engine.ask<EngineFacts>({ method: "GET", path: "/info" }));
}

/** A container that cannot listen would only be started again and again. The engine is on this machine, so its ports can be tried here. */
async function checkPort(engine: Engine, { platform, address, port }: EngineInputs): Promise<void> {
  const reason = await listenFault(address, port);
  if (reason === undefined || (await runsAlready(engine, platform))) return;
  if (reason === "EADDRINUSE")
    throw new RefusedError(
      `Port ${port} on ${address} is taken. Stop what uses it, or choose another one: new fg.Platform(..., { port: ${port + 1} }). (FSS.0409)`,
    );
  throw new RefusedError(
    `The platform could not listen on ${address}, port ${port}: ${reason}. Choose another address or port of fg.Platform. (FSS.0400)`,
  );
}

function listenFault(address: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => {
      // Who may not listen there cannot tell whether the container can, which runs as another user.
      resolve(error.code === "EACCES" ? undefined : error.code);
    });
    server.listen({ host: address, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

/** After an interrupted run its container may be there already; the one that comes takes its place. */
async function runsAlready(engine: Engine, platform: string): Promise<boolean> {
  const { platformsOf } = await import("../../platform/drivers/docker/predecessors.ts");
  return (await platformsOf(engine, platform)).length > 0;
}
