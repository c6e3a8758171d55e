import { z } from "zod";
import { hasCode } from "../client/api-error.ts";
import type { TestEventInputs } from "../model/declaration.ts";
import { renamed } from "../model/declaration.ts";
import { checkTestEvent } from "../model/test-event.ts";
import { diffProperties, type DiffRules } from "./diff.ts";
import { checkInputs, type InputRules } from "./input-check.ts";
import { unlessMissing } from "./missing.ts";
import { mayTakeOver } from "./owner.ts";
import { type Context, RefusedError, type ResourceLogic } from "./resource.ts";
import { UNKNOWN } from "./unknown.ts";
import { ANY_URN, checkFunctionUrn, latestUrn } from "./urn.ts";

/** A test event as it was last saved. */
interface TestEventState extends TestEventInputs {
  readonly eventId: string;
}

const schema = {
  inputs: z.strictObject({
    functionUrn: z.string().describe("Function that is tried with the event."),
    name: z.string().describe("Name of the event."),
    event: z.string().describe("JSON text of the event."),
  }),
  outputs: z.object({ eventId: z.string().describe("Id that the platform gave the event.") }),
};

const rules: InputRules<TestEventInputs> = {
  schema: schema.inputs,
  standIns: { functionUrn: ANY_URN, name: "event", event: "{}" },
  faults: (inputs) => [
    ...checkFunctionUrn(inputs.functionUrn),
    ...renamed(checkTestEvent({ name: inputs.name, content: base64(inputs.event) }), { content: "event" }),
  ],
};

const differ: DiffRules = {
  inputs: ["functionUrn", "name", "event"],
  replace: ["functionUrn", "name"],
  identity: ["functionUrn", "name"],
};

/** Saves events that a function is tried with. */
export const testEventLogic: ResourceLogic<TestEventInputs, TestEventState> = {
  about: "A saved event that a function is tried with.",
  schema,
  fixed: differ.replace,
  secrets: [],
  check: (given) => checkInputs(rules, given),
  diff: (old, next) => diffProperties(differ, old, next),
  predict: (_inputs, _place, old) => ({ eventId: old?.eventId ?? UNKNOWN }),

  async create(context, inputs) {
    const { testEvents } = context.client;
    const urn = latestUrn(inputs.functionUrn);
    const made = await testEvents
      .create(urn, inputs.name, base64(inputs.event))
      .catch((error: unknown) => takeOver(context, inputs, error));
    return { id: `${urn}/${made.id}`, state: { ...inputs, eventId: made.id } };
  },

  async read(context, id, known) {
    const [urn, eventId] = placeOf(id);
    const found = await unlessMissing(context.client.testEvents.get(urn, eventId));
    if (found === undefined) return undefined;
    const event = Buffer.from(found.content, "base64").toString("utf8");
    return { id, state: { functionUrn: urn, ...known, name: found.name, event, eventId } };
  },

  async update(context, id, old, next) {
    await context.client.testEvents.update(...placeOf(id), base64(next.event));
    return { ...next, eventId: old.eventId };
  },

  async delete(context, id) {
    await unlessMissing(context.client.testEvents.delete(...placeOf(id)));
  },
};

/** Goes on with what an interrupted run has left, and brings it to what is declared by now. */
async function takeOver(
  context: Context,
  inputs: TestEventInputs,
  refusal: unknown,
): Promise<{ readonly id: string }> {
  const { client } = context;
  if (!hasCode(refusal, "FSS.1073")) throw refusal;
  const urn = latestUrn(inputs.functionUrn);
  const named = (await client.testEvents.list(urn)).find(({ name }) => name === inputs.name);
  if (named === undefined) throw refusal;
  const found = await client.testEvents.get(urn, named.id);
  const same = found.content === base64(inputs.event);
  if (await mayTakeOver(context, { kind: "test-event", target: urn, name: found.id }, same)) {
    if (!same) await client.testEvents.update(urn, found.id, base64(inputs.event));
    return found;
  }
  throw new RefusedError(
    `Test event ${JSON.stringify(inputs.name)}: the function has another event of that name already. ` +
      "Choose another eventName, or delete that event first. (FSS.1073)",
  );
}

function base64(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}

function placeOf(id: string): [urn: string, eventId: string] {
  const split = id.lastIndexOf("/");
  return [id.slice(0, split), id.slice(split + 1)];
}
