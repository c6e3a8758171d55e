import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { type AsyncSettings, checkAsyncSettings } from "../model/async-settings.ts";
import type { AsyncInvokeInputs } from "../model/declaration.ts";
import { LIMITS } from "../model/limits.ts";
import { diffProperties, type DiffRules } from "./diff.ts";
import { checkInputs, type InputRules } from "./input-check.ts";
import { unlessMissing } from "./missing.ts";
import { mayTakeOver } from "./owner.ts";
import { RefusedError, type ResourceLogic } from "./resource.ts";
import { ANY_URN, checkFunctionUrn, qualifierOf } from "./urn.ts";

const { asyncRetries, asyncAgeSeconds } = LIMITS;

const Destination = z
  .strictObject({
    bucket: z.string().optional().describe("Bucket that gets one object for each."),
    prefix: z.string().optional().describe("Begin of the names of the objects."),
    expiresDays: z.number().optional().describe("Days after which the objects are deleted; 0 for never."),
    topicUrn: z.string().optional().describe("URN of the topic that gets one message for each."),
  })
  .meta({
    id: "AsyncDestination",
    description: "A bucket or a topic that is told of asynchronous requests.",
  });

const schema = {
  inputs: z.strictObject({
    functionUrn: z.string().describe("Function, version or alias that is called."),
    maxRetries: z
      .number()
      .default(asyncRetries.default)
      .describe("Further tries of a request that failed, 0-3."),
    maxAgeSeconds: z
      .number()
      .default(asyncAgeSeconds.default)
      .describe("Seconds after which a request that still waits is given up, 1-86400."),
    statusLog: z.boolean().default(false).describe("Whether a record of every request is kept."),
    onSuccess: z.string().optional().describe("URN of the function that is told of results."),
    onFailure: z
      .string()
      .optional()
      .describe("URN of the function that is told of requests that failed for good."),
    onSuccessTo: Destination.optional().describe("Bucket or topic that is told of results."),
    onFailureTo: Destination.optional().describe(
      "Bucket or topic that is told of requests that failed for good.",
    ),
  }),
  outputs: z.object({}),
};

const rules: InputRules<AsyncInvokeInputs> = {
  schema: schema.inputs as unknown as z.ZodType<AsyncInvokeInputs>,
  standIns: {
    functionUrn: ANY_URN,
    maxRetries: asyncRetries.default,
    maxAgeSeconds: asyncAgeSeconds.default,
  },
  leansOn: { onSuccessTo: ["onSuccess"], onFailureTo: ["onFailure"] },
  faults: (inputs) => [
    ...checkFunctionUrn(inputs.functionUrn),
    ...(["onSuccess", "onFailure"] as const).flatMap((name) => {
      const urn = inputs[name];
      return urn === undefined ? [] : checkFunctionUrn(urn, name);
    }),
    ...checkAsyncSettings(inputs),
  ],
};

const differ: DiffRules = {
  inputs: [
    "functionUrn",
    "maxRetries",
    "maxAgeSeconds",
    "statusLog",
    "onSuccess",
    "onFailure",
    "onSuccessTo",
    "onFailureTo",
  ],
  replace: ["functionUrn"],
  identity: ["functionUrn"],
};

/** Settings of asynchronous requests. A version has one such setting, so its URN is the id. */
export const asyncInvokeLogic: ResourceLogic<AsyncInvokeInputs, AsyncInvokeInputs> = {
  about: "How asynchronous requests of a function, a version or an alias are treated.",
  schema,
  fixed: differ.replace,
  secrets: [],
  check: (given) => checkInputs(rules, given),
  diff: (old, next) => diffProperties(differ, old, next),
  predict: () => ({}),

  async create(context, inputs) {
    const { functionUrn } = inputs;
    const found = await unlessMissing(context.client.asyncSettings.get(functionUrn));
    const thing = { kind: "async-settings", target: functionUrn, name: qualifierOf(functionUrn) } as const;
    const same = isDeepStrictEqual(found, settingsOf(inputs));
    if (found !== undefined && !(await mayTakeOver(context, thing, same))) throw taken(functionUrn);
    await context.client.asyncSettings.put(functionUrn, settingsOf(inputs));
    return { id: functionUrn, state: inputs };
  },

  async read(context, id) {
    const found = await unlessMissing(context.client.asyncSettings.get(id));
    return found && { id, state: { functionUrn: id, ...found } };
  },

  async update(context, id, _old, next) {
    await context.client.asyncSettings.put(id, settingsOf(next));
    return next;
  },

  async delete(context, id) {
    await unlessMissing(context.client.asyncSettings.delete(id));
  },
};

function settingsOf({ functionUrn: _urn, ...settings }: AsyncInvokeInputs): AsyncSettings {
  const given = Object.entries(settings).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as unknown as AsyncSettings;
}

function taken(urn: string): RefusedError {
  return new RefusedError(
    `${urn} has other settings for asynchronous calls already. Import them, or delete them first. (FSS.0409)`,
  );
}
