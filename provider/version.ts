import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { hasCode, isConflict } from "../client/api-error.ts";
import type { Owned } from "../client/owners.ts";
import type { VersionInputs } from "../model/declaration.ts";
import { checkVersion, LATEST } from "../model/version.ts";
import type { FunctionReply } from "../model/wire/function.ts";
import { diffProperties, type DiffRules } from "./diff.ts";
import { checkInputs, type InputRules } from "./input-check.ts";
import { unlessMissing } from "./missing.ts";
import { mayTakeOver } from "./owner.ts";
import { type Context, type Live, RefusedError, type ResourceLogic } from "./resource.ts";
import { forget, release, share, shareAgain } from "./shared-version.ts";
import { UNKNOWN } from "./unknown.ts";
import { ANY_URN, checkFunctionUrn, latestUrn, qualified } from "./urn.ts";

/** A published version. */
interface VersionState extends VersionInputs {
  readonly version: string;
  readonly versionUrn: string;
  /** True when another resource has published this very snapshot; the one of the two that goes last deletes it. */
  readonly shared?: boolean;
}

const schema = {
  inputs: z.strictObject({
    functionUrn: z.string().describe("Function that is published."),
    name: z
      .string()
      .optional()
      .describe("Name of the version; without one the platform makes a name of the time."),
    description: z.string().default("").describe("What is new in it; at most 512 characters."),
    contentDigest: z
      .string()
      .optional()
      .describe("Digest of what is published; another one publishes a new version."),
  }),
  outputs: z.object({
    version: z.string().describe("Name of the version."),
    versionUrn: z.string().describe("URN that ends with the version's name."),
    shared: z
      .boolean()
      .optional()
      .describe(
        "True when another resource has published this very snapshot; the one that goes last deletes it.",
      ),
  }),
};

const rules: InputRules<VersionInputs> = {
  schema: schema.inputs as unknown as z.ZodType<VersionInputs>,
  standIns: { functionUrn: ANY_URN },
  faults: (inputs) => [
    ...checkFunctionUrn(inputs.functionUrn),
    ...checkVersion({ name: inputs.name ?? "v", description: inputs.description }),
  ],
};

const differ: DiffRules = {
  inputs: ["functionUrn", "name", "description", "contentDigest"],
  replace: ["functionUrn", "name", "description", "contentDigest"],
  identity: ["functionUrn", "name"],
};

/** Two versions of one second would have one name; so many further seconds are tried. */
const NAME_TRIES = 3;
const AUTOMATIC_NAME = /^v\d{8}-\d{6}$/;

/** Publishes versions. A version never changes, so every change is a new one. */
export const versionLogic: ResourceLogic<VersionInputs, VersionState> = {
  about: "An immutable snapshot of a function's code and configuration.",
  schema,
  fixed: differ.replace,
  secrets: [],
  check: (given) => checkInputs(rules, given),

  diff(old, next) {
    const diff = diffProperties(differ, old, next);
    // Without a name the platform makes one, and no two are alike.
    return { ...diff, deleteBeforeReplace: diff.deleteBeforeReplace && next["name"] !== undefined };
  },

  predict(inputs, _place, old) {
    const version = old?.version ?? inputs.name ?? UNKNOWN;
    if (version === UNKNOWN || inputs.functionUrn === UNKNOWN) return { version, versionUrn: UNKNOWN };
    return { version, versionUrn: qualified(inputs.functionUrn, { version }) };
  },

  async create(context, inputs) {
    for (let again = 1; ; again += 1) {
      try {
        return live(inputs, await publish(context, inputs));
      } catch (error) {
        if (hasCode(error, "FSS.1016")) return shareNewest(context, inputs, error);
        if (!isConflict(error)) throw error;
        if (inputs.name !== undefined) return live(inputs, await takeOver(context, inputs, inputs.name));
        if (again > NAME_TRIES) throw error;
        await sleep(1000);
      }
    }
  },

  async read(context, id, known) {
    const found = await unlessMissing(context.client.functions.get(id));
    if (found === undefined) return undefined;
    const asked =
      known.functionUrn === undefined ? { functionUrn: latestUrn(id), name: found.version } : known;
    // What it says of itself is what the one it is shared with has written.
    const description = known.shared === true ? known.description : found.versionDescription;
    return live({ ...(asked as VersionInputs), description: description ?? "" }, found);
  },

  update: (_context, _id, old) => Promise.resolve(old),

  async delete(context, id, state) {
    const { functionUrn, version, shared } = state;
    if (await release(context, { functionUrn, version, shared: shared === true })) {
      await waitForAliases(context, functionUrn, version);
      await unlessMissing(context.client.versions.delete(id));
    }
    if (shared === true) await forget(context, { functionUrn, version });
  },
};

function publish(
  { client }: Context,
  { functionUrn, name, description }: VersionInputs,
): Promise<FunctionReply> {
  return client.versions.publish(latestUrn(functionUrn), {
    description,
    ...(name !== undefined && { name }),
  });
}

/** The platform keeps one version of one content. An unnamed version is content with the one that is there. */
async function shareNewest(
  context: Context,
  inputs: VersionInputs,
  refusal: unknown,
): Promise<Live<VersionState>> {
  if (inputs.name !== undefined) throw refusal;
  const published = await context.client.versions.list(latestUrn(inputs.functionUrn));
  const newest = published.find((found) => found.version !== LATEST);
  if (newest === undefined) throw refusal;
  const { id, state } = live(inputs, newest);
  const alike = AUTOMATIC_NAME.test(newest.version) && newest.versionDescription === inputs.description;
  if (alike && (await mayTakeOver(context, thingOf(inputs, newest.version), true))) return { id, state };
  await share(context, { functionUrn: inputs.functionUrn, version: newest.version });
  return { id, state: { ...state, shared: true } };
}

/** An interrupted run leaves what the function was then: the same as now, or what nobody uses yet and makes room. */
async function takeOver(context: Context, inputs: VersionInputs, name: string): Promise<FunctionReply> {
  const { client } = context;
  const urn = qualified(inputs.functionUrn, { version: name });
  const [found, now] = await Promise.all([
    client.functions.get(urn),
    client.functions.get(latestUrn(inputs.functionUrn)),
  ]);
  const same =
    found.code.digest === now.code.digest &&
    found.versionDescription === inputs.description &&
    JSON.stringify(found.spec) === JSON.stringify(now.spec);
  if (!(await mayTakeOver(context, thingOf(inputs, name), same))) throw taken(name, same);
  if (same) {
    await shareAgain(context, { functionUrn: inputs.functionUrn, version: name });
    return found;
  }
  if (await isUsed(context, urn, name)) throw taken(name, same);
  await unlessMissing(client.versions.delete(urn));
  return publish(context, inputs);
}

function thingOf({ functionUrn }: VersionInputs, name: string): Owned {
  return { kind: "version", target: latestUrn(functionUrn), name };
}

/** An alias that is to go too may be about to: nothing says which of the two comes first. */
const ALIAS_TRIES = 10;
const ALIAS_MS = 500;

/** The platform deletes the aliases of a version with it, and all that hangs on them; nobody asked for that. */
async function waitForAliases(context: Context, functionUrn: string, version: string): Promise<void> {
  for (let again = 1; ; again += 1) {
    const [alias] = await aliasesOf(context, functionUrn, version);
    if (alias === undefined) return;
    if (again > ALIAS_TRIES) throw inUse(version, alias);
    await sleep(ALIAS_MS);
  }
}

/** Names of the aliases that send requests to a version. */
async function aliasesOf({ client }: Context, functionUrn: string, version: string): Promise<string[]> {
  const all = await unlessMissing(client.aliases.list(latestUrn(functionUrn)));
  const named = (all ?? []).filter(({ spec }) => [spec.version, spec.additional?.version].includes(version));
  return named.map(({ spec }) => spec.name);
}

/** Whether anything was built on a version: a run that was killed while it published it got no further. */
async function isUsed(context: Context, urn: string, version: string): Promise<boolean> {
  const [aliases, triggers, reserved] = await Promise.all([
    aliasesOf(context, urn, version),
    context.client.triggers.list(urn),
    context.client.reservedInstances.get(urn),
  ]);
  return aliases.length + triggers.length > 0 || reserved !== undefined;
}

function taken(name: string, same: boolean): RefusedError {
  return new RefusedError(
    `Version ${JSON.stringify(name)}: the function has a version of that name already, which ` +
      `${same ? "another declaration made" : "is not what the function is now"}. ` +
      "Choose another versionName, or delete that version first. (FSS.1062)",
  );
}

function inUse(version: string, alias: string): RefusedError {
  return new RefusedError(
    `Version ${JSON.stringify(version)}: the alias ${JSON.stringify(alias)} points to it, and would go with it. ` +
      "Point the alias elsewhere first, or delete it. A published version never changes: what is to be another one " +
      "takes another versionName. (FSS.0409)",
  );
}

function live(inputs: VersionInputs, made: FunctionReply): Live<VersionState> {
  const versionUrn = qualified(inputs.functionUrn, { version: made.version });
  return { id: versionUrn, state: { ...inputs, version: made.version, versionUrn } };
}
