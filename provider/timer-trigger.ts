import { z } from "zod";
import { checkTimerTrigger, timerEventData, type TimerTriggerInputs } from "../model/declaration.ts";
import { type TimerEventData, type TriggerSpec, TriggerStatus, TriggerType } from "../model/trigger.ts";
import { diffProperties, type DiffRules } from "./diff.ts";
import { checkInputs, type InputRules } from "./input-check.ts";
import type { ResourceLogic } from "./resource.ts";
import { createTrigger, deleteTrigger, readTrigger } from "./trigger.ts";
import { UNKNOWN } from "./unknown.ts";
import { ANY_URN, checkFunctionUrn } from "./urn.ts";

/** A timer as it was last applied. */
interface TimerTriggerState extends TimerTriggerInputs {
  readonly triggerId: string;
}

const rules: InputRules<TimerTriggerInputs> = {
  schema: z.strictObject({
    functionUrn: z.string(),
    name: z.string(),
    scheduleType: z.string(),
    schedule: z.string(),
    userEvent: z.string().default(""),
    enabled: z.boolean().default(true),
  }) as unknown as z.ZodType<TimerTriggerInputs>,
  standIns: ({ scheduleType }) => ({
    functionUrn: ANY_URN,
    schedule: scheduleType === "Cron" ? "@every 1h" : "1h",
  }),
  faults: (inputs) => [...checkFunctionUrn(inputs.functionUrn), ...checkTimerTrigger(inputs)],
};

const FIXED = ["functionUrn", "name", "scheduleType", "schedule", "userEvent"];
const differ: DiffRules = {
  inputs: [...FIXED, "enabled"],
  replace: FIXED,
  identity: ["functionUrn", "name"],
};

/** Creates timers and switches them on and off; the API changes nothing else of one that exists. */
export const timerTriggerLogic: ResourceLogic<TimerTriggerInputs, TimerTriggerState> = {
  secrets: [],
  check: (given) => checkInputs(rules, given),
  diff: (old, next) => diffProperties(differ, old, next),

  predict: (_inputs, _place, old) => ({ triggerId: old?.triggerId ?? UNKNOWN }),

  async create(context, inputs) {
    const made = await createTrigger(context, inputs.functionUrn, specOf(inputs));
    return { id: made.id, state: { ...inputs, triggerId: made.id } };
  },

  async read(context, id, known) {
    const found = await readTrigger(context, known.functionUrn, id, TriggerType.Timer);
    if (found === undefined) return undefined;
    const { name, schedule_type, schedule, user_event } = found.spec.eventData as TimerEventData;
    const enabled = found.spec.status === TriggerStatus.Active;
    const inputs = { functionUrn: known.functionUrn, name, scheduleType: schedule_type, schedule, enabled };
    return { id, state: { ...inputs, userEvent: user_event ?? "", triggerId: id } };
  },

  async update(context, id, _old, next) {
    const spec = specOf(next);
    const { functionUrn } = next;
    await context.client.triggers.setStatus(functionUrn, { id, spec }, spec.status);
    return { ...next, triggerId: id };
  },

  delete: (context, id, state) => deleteTrigger(context, state.functionUrn, id, TriggerType.Timer),
};

function specOf(inputs: TimerTriggerInputs): TriggerSpec {
  const status = inputs.enabled ? TriggerStatus.Active : TriggerStatus.Disabled;
  return { type: TriggerType.Timer, status, eventData: timerEventData(inputs) };
}
