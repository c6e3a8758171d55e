import { z } from "zod";
import { apigEventData, checkHttpTrigger, type HttpTriggerInputs } from "../model/declaration.ts";
import { type ApigEventData, type TriggerSpec, TriggerStatus, TriggerType } from "../model/trigger.ts";
import { diffProperties, type DiffRules } from "./diff.ts";
import { checkInputs, type InputRules } from "./input-check.ts";
import type { ResourceLogic } from "./resource.ts";
import { createTrigger, deleteTrigger, readTrigger } from "./trigger.ts";
import { UNKNOWN } from "./unknown.ts";
import { ANY_URN, checkFunctionUrn } from "./urn.ts";

/** An HTTP trigger as it was last applied. */
interface HttpTriggerState extends HttpTriggerInputs {
  readonly triggerId: string;
  readonly url: string;
}

const rules: InputRules<HttpTriggerInputs> = {
  schema: z.strictObject({
    functionUrn: z.string(),
    name: z.string(),
    path: z.string(),
    method: z.string().default("ANY"),
    auth: z.string().default("IAM"),
    matchMode: z.string().default("NORMAL"),
    protocol: z.string().default("HTTP"),
    groupId: z.string().default("DEFAULT"),
    timeoutMs: z.number().default(5000),
  }) as unknown as z.ZodType<HttpTriggerInputs>,
  standIns: { functionUrn: ANY_URN, path: "/", method: "ANY", auth: "IAM", groupId: "DEFAULT" },
  faults: (inputs) => [...checkFunctionUrn(inputs.functionUrn), ...checkHttpTrigger(inputs)],
};

const INPUTS = [
  "functionUrn",
  "name",
  "path",
  "method",
  "auth",
  "matchMode",
  "protocol",
  "groupId",
  "timeoutMs",
];
const differ: DiffRules = { inputs: INPUTS, replace: INPUTS, identity: ["groupId", "path"] };

/** Creates HTTP triggers. The API changes nothing of one that exists, so every change makes a new one. */
export const httpTriggerLogic: ResourceLogic<HttpTriggerInputs, HttpTriggerState> = {
  secrets: [],
  check: (given) => checkInputs(rules, given),
  diff: (old, next) => diffProperties(differ, old, next),

  predict: (_inputs, _place, old) => ({ triggerId: old?.triggerId ?? UNKNOWN, url: old?.url ?? UNKNOWN }),

  async create(context, inputs) {
    const made = await createTrigger(context, inputs.functionUrn, specOf(inputs));
    return { id: made.id, state: { ...inputs, triggerId: made.id, url: made.url ?? "" } };
  },

  async read(context, id, known) {
    const found = await readTrigger(context, known.functionUrn, id, TriggerType.Apig);
    if (found === undefined) return undefined;
    const inputs = inputsOf(known.functionUrn, found.spec.eventData as ApigEventData);
    return { id, state: { ...inputs, triggerId: id, url: found.url ?? "" } };
  },

  update: (_context, _id, old) => Promise.resolve(old),

  delete: (context, id, state) => deleteTrigger(context, state.functionUrn, id, TriggerType.Apig),
};

function specOf(inputs: HttpTriggerInputs): TriggerSpec {
  return { type: TriggerType.Apig, status: TriggerStatus.Active, eventData: apigEventData(inputs) };
}

function inputsOf(functionUrn: string, data: ApigEventData): HttpTriggerInputs {
  return {
    functionUrn,
    name: data.name ?? "",
    path: data.path,
    method: data.req_method,
    auth: data.auth,
    matchMode: data.match_mode,
    protocol: data.protocol,
    groupId: data.group_id,
    timeoutMs: data.func_info.timeout,
  };
}
