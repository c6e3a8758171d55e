import { z } from "zod";
import { diffProperties, type DiffRules } from "../diff.ts";
import { checkInputs, type InputRules } from "../input-check.ts";
import type { ResourceLogic } from "../resource.ts";
import { engineHost, withEngine } from "./engine-access.ts";
import { sweep } from "./sweep.ts";

interface InstancesInputs {
  readonly platform: string;
  readonly repository: string;
  readonly host?: string | undefined;
}

const schema = {
  inputs: z.strictObject({
    platform: z.string().min(1).describe("What everything of the platform on the engine is labelled with."),
    repository: z.string().min(1).describe("First part of the names of its images."),
    host: engineHost,
  }),
  outputs: z.object({}),
};

const rules: InputRules<InstancesInputs> = {
  schema: schema.inputs,
  standIns: { platform: "platform", repository: "platform" },
  faults: () => [],
};

const differ: DiffRules = {
  inputs: ["platform", "repository", "host"],
  replace: ["platform", "repository", "host"],
  identity: [],
};

/**
 * A platform that is stopped in peace takes its instances along; one that was killed, or is stopped while it makes one, leaves them.
 * Declared before the platform's container and after its volume, so that it goes between them.
 */
export const dockerInstancesLogic: ResourceLogic<InstancesInputs, InstancesInputs> = {
  about:
    "Whatever a platform makes on its Docker Engine: instances, networks, volumes. Goes with this resource.",
  apart: true,
  schema,
  fixed: differ.replace,
  secrets: [],
  check: (given) => checkInputs(rules, given),
  diff: (old, next) => diffProperties(differ, old, next),
  predict: () => ({}),
  create: (_context, inputs) => Promise.resolve({ id: inputs.platform, state: inputs }),
  read: (_context, id, known) => Promise.resolve({ id, state: { repository: id, ...known, platform: id } }),
  update: (_context, _id, _old, next) => Promise.resolve(next),

  async delete(_context, id, { host, repository }) {
    await withEngine(host, (engine) => sweep(engine, id, repository));
  },
};
