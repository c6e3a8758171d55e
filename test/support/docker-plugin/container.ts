import { type DockerResource, engine, labelsOf, unlessGone, type Values } from "./resource.ts";

const MB = 1024 * 1024;
const MICRO = 1e9;

/** A property that the double does not know would be said to be in force, and not be. */
const KNOWN = new Set(
  `name image envs labels memory memorySwap cpus networkMode pidMode volumes readOnly tmpfs capabilities securityOpts init restart
   healthcheck logDriver logOpts stopTimeout destroyGraceSeconds mustRun`.split(/\s+/),
);

interface Inspected {
  readonly State: { readonly Running: boolean };
  readonly HostConfig: { readonly Memory: number };
}

/** As the plugin's own: made and started, changed in memory without being made anew, given its time to end. */
export const container: DockerResource = {
  updatable: ["memory", "memorySwap", "restart", "destroyGraceSeconds", "mustRun"],

  async create(inputs) {
    const json = describe(inputs);
    const path = `/containers/create?name=${encodeURIComponent(String(inputs["name"]))}`;
    const { Id } = await engine.ask<{ Id: string }>({ method: "POST", path, json });
    await engine.ask({ method: "POST", path: `/containers/${Id}/start` });
    return Id;
  },

  async read(id, state) {
    const found = await unlessGone(engine.ask<Inspected>({ method: "GET", path: `/containers/${id}/json` }));
    if (found === undefined) return undefined;
    if (!found.State.Running && state["mustRun"] !== false) return undefined;
    return { memory: found.HostConfig.Memory / MB };
  },

  async update(id, inputs) {
    const json = { ...memoryOf(inputs), RestartPolicy: { Name: inputs["restart"] ?? "no" } };
    await engine.ask({ method: "POST", path: `/containers/${id}/update`, json });
  },

  async delete(id, state) {
    const grace = Number(state["destroyGraceSeconds"] ?? 0);
    if (grace > 0)
      await unlessGone(engine.ask({ method: "POST", path: `/containers/${id}/stop?t=${grace}` }));
    await unlessGone(engine.ask({ method: "DELETE", path: `/containers/${id}?force=1&v=1` }));
  },
};

function describe(inputs: Values): object {
  const strange = Object.keys(inputs).filter((name) => !KNOWN.has(name));
  if (strange.length > 0)
    throw new Error(`the double of the docker plugin does not know ${strange.join(", ")}`);
  const { adds = [], drops = [] } = (inputs["capabilities"] ?? {}) as { adds?: string[]; drops?: string[] };
  return {
    Image: inputs["image"],
    Env: inputs["envs"],
    Labels: labelsOf(inputs),
    StopTimeout: inputs["stopTimeout"],
    Healthcheck: healthcheckOf(inputs["healthcheck"] as Values | undefined),
    HostConfig: {
      ...memoryOf(inputs),
      ...(inputs["cpus"] !== undefined && { NanoCpus: Number(inputs["cpus"]) * MICRO }),
      NetworkMode: inputs["networkMode"],
      PidMode: inputs["pidMode"],
      Binds: bindsOf(inputs["volumes"] as Values[]),
      ReadonlyRootfs: inputs["readOnly"],
      Tmpfs: inputs["tmpfs"],
      CapAdd: adds,
      CapDrop: drops,
      SecurityOpt: inputs["securityOpts"],
      Init: inputs["init"],
      RestartPolicy: { Name: inputs["restart"] ?? "no" },
      LogConfig: { Type: inputs["logDriver"], Config: inputs["logOpts"] },
    },
  };
}

function memoryOf({ memory = 0, memorySwap = 0 }: Values): object {
  return { Memory: Number(memory) * MB, MemorySwap: memorySwap === -1 ? -1 : Number(memorySwap) * MB };
}

function bindsOf(volumes: readonly Values[]): string[] {
  return volumes.map(
    ({ hostPath, volumeName, containerPath }) => `${String(hostPath ?? volumeName)}:${String(containerPath)}`,
  );
}

function healthcheckOf(check: Values | undefined): object | undefined {
  if (check === undefined) return undefined;
  const { tests, interval, timeout, startPeriod, retries } = check;
  const [Interval, Timeout, StartPeriod] = [interval, timeout, startPeriod].map(
    (text) => Number.parseInt(String(text), 10) * MICRO,
  );
  return { Test: tests, Interval, Timeout, StartPeriod, Retries: retries };
}
