import { isDeepStrictEqual } from "node:util";
import { hasCode, isConflict } from "../client/api-error.ts";
import { secretFieldsOf } from "../model/event-sources.ts";
import { clashesAnywhere, isSecond } from "../model/trigger-clash.ts";
import type { TriggerSpec } from "../model/trigger.ts";
import type { TriggerReply } from "../model/wire/trigger.ts";
import { unlessMissing } from "./missing.ts";
import { mayTakeOver } from "./owner.ts";
import { type Context, RefusedError } from "./resource.ts";
import { unqualifiedUrn } from "./urn.ts";

/*
 * What all kinds of triggers share on the platform.
 */

/** Events of a bucket have a trigger already; it is no conflict by its status. */
const BUCKET_TAKEN = "FSS.1108";

/**
 * Creates a trigger. Where one is in the way that an interrupted run has made, that one is taken over: as it is when it
 * is the same in everything, and made anew when the declaration was edited since.
 */
export async function createTrigger(context: Context, urn: string, spec: TriggerSpec): Promise<TriggerReply> {
  const { triggers } = context.client;
  try {
    return await triggers.create(urn, spec);
  } catch (error) {
    if (!isConflict(error) && !hasCode(error, BUCKET_TAKEN)) throw error;
    const same = (await triggers.list(urn)).find((trigger) => isSame(trigger.spec, spec));
    if (same !== undefined) return keep(context, urn, { id: same.id, spec, found: same, refusal: error });
    await makeRoom(context, urn, spec, error);
    return triggers.create(urn, spec);
  }
}

interface Kept {
  readonly id: string;
  readonly spec: TriggerSpec;
  readonly found: TriggerReply;
  readonly refusal: unknown;
}

async function keep(
  context: Context,
  urn: string,
  { id, spec, found, refusal }: Kept,
): Promise<TriggerReply> {
  if (!(await mayTakeOver(context, { kind: "trigger", target: urn, name: id }, true))) throw refusal;
  // Passwords are not shown, so the wanted ones are sent again.
  const kept = found.spec.status === spec.status && secretFieldsOf(spec.type).length === 0;
  return kept ? found : context.client.triggers.setStatus(urn, { id, spec }, spec.status);
}

/** Deletes what this very declaration has made before and what is in its way now. */
async function makeRoom(context: Context, urn: string, spec: TriggerSpec, refusal: unknown): Promise<void> {
  const { triggers } = context.client;
  const here = (await triggers.list(urn)).find((one) => isSecond(one.spec, spec));
  const all = here === undefined ? await triggers.list(unqualifiedUrn(urn)) : [];
  const found = here ?? all.find((one) => clashesAnywhere(one.spec, spec));
  if (found === undefined) throw refusal;
  if (!(await mayTakeOver(context, { kind: "trigger", target: urn, name: found.id }, false))) throw refusal;
  await unlessMissing(triggers.delete(urn, found.spec.type, found.id));
}

/** Which trigger of which function, version or alias. */
export interface TriggerPlace {
  readonly functionUrn: string;
  readonly triggerId: string;
}

/**
 * Where a trigger is. A trigger's id does not say whose it is, so an import names both: `URN/ID`.
 * @throws RefusedError when nothing says which function it belongs to
 */
export function placeOf(id: string, functionUrn?: string): TriggerPlace {
  if (functionUrn !== undefined) return { functionUrn, triggerId: id };
  const split = id.lastIndexOf("/");
  if (id.startsWith("urn:fss:") && split > 0)
    return { functionUrn: id.slice(0, split), triggerId: id.slice(split + 1) };
  throw new RefusedError(
    `${JSON.stringify(id)} does not say which function the trigger belongs to. ` +
      "Import it as FUNCTION_URN/TRIGGER_ID, for example urn:fss:region:project:function:default:hello:latest/0f1e2d3c. (FSS.0400)",
  );
}

/** The trigger, or undefined when it is gone. */
export function readTrigger(
  context: Context,
  { functionUrn, triggerId }: TriggerPlace,
  type: TriggerSpec["type"],
): Promise<TriggerReply | undefined> {
  return unlessMissing(context.client.triggers.get(functionUrn, type, triggerId));
}

/** Deletes the trigger; one that is gone already is a success. */
export async function deleteTrigger(
  context: Context,
  { functionUrn, triggerId }: TriggerPlace,
  type: TriggerSpec["type"],
): Promise<void> {
  await unlessMissing(context.client.triggers.delete(functionUrn, type, triggerId));
}

/** Replies say more of a trigger than was asked for, so the found one has to have all that is wanted. */
function isSame(found: TriggerSpec, wanted: TriggerSpec): boolean {
  const data = found.eventData as unknown as Record<string, unknown>;
  const secrets = secretFieldsOf(wanted.type);
  const wants = Object.entries(wanted.eventData).filter(([key]) => !secrets.includes(key));
  return found.type === wanted.type && wants.every(([key, value]) => isDeepStrictEqual(data[key], value));
}
