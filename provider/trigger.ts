import { isDeepStrictEqual } from "node:util";
import { isConflict } from "../client/api-error.ts";
import { secretFieldsOf } from "../model/event-sources.ts";
import type { TriggerSpec } from "../model/trigger.ts";
import type { TriggerReply } from "../model/wire/trigger.ts";
import { unlessMissing } from "./missing.ts";
import { type Context, RefusedError } from "./resource.ts";

/*
 * What all kinds of triggers share on the platform.
 */

/** Creates a trigger. Where one is in the way that is the same in everything, an interrupted run has made it. */
export async function createTrigger(context: Context, urn: string, spec: TriggerSpec): Promise<TriggerReply> {
  const { triggers } = context.client;
  try {
    return await triggers.create(urn, spec);
  } catch (error) {
    if (!isConflict(error)) throw error;
    const same = (await triggers.list(urn)).find((trigger) => isSame(trigger.spec, spec));
    if (same === undefined) throw error;
    // Passwords are not shown, so the wanted ones are sent again.
    const whole = { id: same.id, spec };
    const kept = same.spec.status === spec.status && secretFieldsOf(spec.type).length === 0;
    return kept ? same : triggers.setStatus(urn, whole, spec.status);
  }
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
