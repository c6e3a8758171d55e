import { z } from "zod";
import type { Fault } from "./fault.ts";

const text = z.string().nullish();
const whole = z.number().nullish();
/** More than any rule allows: bounds the work of looking at a definition. */
const MANY = 500;

/** The definition of a workflow in the API's own words (guide 3.11; API model WorkflowCreateBody). */
export const workflowSchema = z.looseObject({
  name: z.string(),
  description: text,
  start: z.string(),
  functions: z.array(z.looseObject({ name: z.string(), operation: z.string() })).max(MANY),
  states: z
    .array(
      z.looseObject({
        id: z.string(),
        name: z.string(),
        type: z.enum(["Operation", "Sleep", "End"]),
        end: z.boolean(),
        transition: z.string(),
        duration: whole,
        action_mode: z.enum(["sequential", "parallel"]).nullish(),
        actions: z
          .array(
            z.looseObject({
              function_ref: z.looseObject({
                ref_name: z.string(),
                invoke_mode: z.literal("synchronize").nullish(),
                arguments: z.unknown(),
              }),
            }),
          )
          .max(MANY),
        on_errors: z
          .array(z.looseObject({ error: text, transition: text, retry_ref: text }))
          .max(MANY)
          .nullish(),
        state_data_filter: z.looseObject({ input: text, output: text }).nullish(),
      }),
    )
    .max(MANY),
  constants: z.record(z.string(), z.unknown()),
  retries: z.array(z.looseObject({ name: z.string(), delay: whole, max_attempts: whole })).max(MANY),
  triggers: z
    .array(
      z.looseObject({
        trigger_name: z.string(),
        trigger_type: z.enum(["FLOWTIMER", "SMN", "APIG", "APIG_DE", "OBS"]),
        enabled: z.boolean().nullish(),
      }),
    )
    .nullish(),
  mode: z.enum(["NORMAL", "EXPRESS"]).nullish(),
  express_config: z.looseObject({ log_level: z.enum(["ALL", "ERROR", "NONE"]).nullish() }).nullish(),
  enterprise_project_id: text,
  enable_stream_response: z.boolean().nullish(),
});

/** A definition whose fields have their types; `checkWorkflow` tells whether it is a workflow. */
export type WorkflowDefinition = z.infer<typeof workflowSchema>;

/** One state of a workflow. */
export type WorkflowState = WorkflowDefinition["states"][number];

/** A fault of a definition. */
export function wrong(property: string, value: unknown, rule: string, fix: string): Fault {
  return { property, value, rule, fix, code: "FSS.0400" };
}
