import { z } from "zod";
import { checkTimerTrigger, timerEventData, type TimerTriggerInputs } from "../model/declaration.ts";
import { type TimerEventData, type TriggerSpec, TriggerStatus, TriggerType } from "../model/trigger.ts";
import { diffProperties, type DiffRules } from "./diff.ts";
import { checkInputs, type InputRules } from "./input-check.ts";
import type { ResourceLogic } from "./resource.ts";
import { createTrigger, deleteTrigger, placeOf, readTrigger } from "./trigger.ts";
import { UNKNOWN } from "./unknown.ts";
import { ANY_URN, checkFunctionUrn } from "./urn.ts";

/** A timer as it was last applied. */
interface TimerTriggerState extends TimerTriggerInputs {
  readonly triggerId: string;
}

const schema = {
  inputs: z.strictObject({
    functionUrn: z.string().describe("What is called: a function, a version or an alias."),
    name: z.string().describe("Name of the timer on the platform and in its events."),
    scheduleType: z.string().describe("Rate or Cron."),
    schedule: z.string().describe("For Rate 15m, 2h or 1d; for Cron an expression with seconds."),
    userEvent: z.string().default("").describe("Text that the event carries as user_event."),
    enabled: z.boolean().default(true).describe("Whether the timer runs."),
  }),
  outputs: z.object({ triggerId: z.string().describe("Id that the platform gave the trigger.") }),
};

const rules: InputRules<TimerTriggerInputs> = {
  schema: schema.inputs as unknown as z.ZodType<TimerTriggerInputs>,
  standIns: ({ scheduleType }) => ({
    functionUrn: ANY_URN,
    name: "timer",
    scheduleType: "Rate",
    schedule: scheduleType === "Cron" ? "@every 1h" : "1h",
  }),
  faults: (inputs) => [...checkFunctionUrn(inputs.functionUrn), ...checkTimerTrigger(inputs)],
  leansOn: { schedule: ["scheduleType"] },
};

const FIXED = ["functionUrn", "name", "scheduleType", "schedule", "userEvent"];
const differ: DiffRules = {
  inputs: [...FIXED, "enabled"],
  replace: FIXED,
  identity: ["functionUrn", "name"],
};

/** Creates timers and switches them on and off; the API changes nothing else of one that exists. */
export const timerTriggerLogic: ResourceLogic<TimerTriggerInputs, TimerTriggerState> = {
  about: "Calls a function on a schedule.",
  schema,
  fixed: differ.replace,
  secrets: [],
  check: (given) => checkInputs(rules, given),
  diff: (old, next) => diffProperties(differ, old, next),

  predict: (_inputs, _place, old) => ({ triggerId: old?.triggerId ?? UNKNOWN }),

  async create(context, inputs) {
    const made = await createTrigger(context, inputs.functionUrn, specOf(inputs));
    return { id: made.id, state: { ...inputs, triggerId: made.id } };
  },

  async read(context, id, known) {
    const { functionUrn, triggerId } = placeOf(id, known.functionUrn);
    const found = await readTrigger(context, { functionUrn, triggerId }, TriggerType.Timer);
    if (found === undefined) return undefined;
    const { name, schedule_type, schedule, user_event } = found.spec.eventData as TimerEventData;
    const enabled = found.spec.status === TriggerStatus.Active;
    const inputs = { functionUrn, name, scheduleType: schedule_type, schedule, enabled };
    return { id: triggerId, state: { ...inputs, userEvent: user_event ?? "", triggerId } };
  },

  async update(context, id, _old, next) {
    const spec = specOf(next);
    const { functionUrn } = next;
    await context.client.triggers.setStatus(functionUrn, { id, spec }, spec.status);
    return { ...next, triggerId: id };
  },

  delete: (context, id, state) => deleteTrigger(context, placeOf(id, state.functionUrn), TriggerType.Timer),
};

function specOf(inputs: TimerTriggerInputs): TriggerSpec {
  const status = inputs.enabled ? TriggerStatus.Active : TriggerStatus.Disabled;
  return { type: TriggerType.Timer, status, eventData: timerEventData(inputs) };
}
