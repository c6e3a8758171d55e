import { z } from "zod";
import {
  apigEventData,
  checkHttpTrigger,
  declaredStage,
  type HttpTriggerInputs,
} from "../model/declaration.ts";
import {
  type ApigEventData,
  isGateway,
  type TriggerSpec,
  TriggerStatus,
  TriggerType,
} from "../model/trigger.ts";
import type { TriggerReply } from "../model/wire/trigger.ts";
import { diffProperties, type DiffRules } from "./diff.ts";
import { checkInputs, type InputRules } from "./input-check.ts";
import { unlessMissing } from "./missing.ts";
import type { Context, ResourceLogic } from "./resource.ts";
import { createTrigger, deleteTrigger, placeOf, readTrigger, type TriggerPlace } from "./trigger.ts";
import { UNKNOWN } from "./unknown.ts";
import { ANY_URN, checkFunctionUrn } from "./urn.ts";

/** An HTTP trigger as it was last applied. */
interface HttpTriggerState extends HttpTriggerInputs {
  readonly triggerId: string;
  readonly url: string;
}

const Stage = z
  .strictObject({
    name: z.string().describe("Name of the stage."),
    id: z.string().describe("Id of the stage."),
  })
  .meta({ id: "Stage", description: "A stage of a gateway in which routes are published." });

const schema = {
  inputs: z.strictObject({
    functionUrn: z.string().describe("What is called: a function, a version or an alias."),
    name: z.string().describe("Name of the API in the gateway."),
    path: z
      .string()
      .describe("Path that callers use, starting with a slash; {name} stands for one segment of any text."),
    method: z.string().default("ANY").describe("HTTP method; ANY for all of them."),
    auth: z.string().default("IAM").describe("Who may call: APP, IAM, or NONE for everybody."),
    matchMode: z
      .string()
      .default("NORMAL")
      .describe("NORMAL for the path alone, SWA for all paths below it."),
    protocol: z.string().default("HTTP").describe("HTTP or HTTPS."),
    groupId: z.string().default("DEFAULT").describe("API group that the route belongs to."),
    timeoutMs: z.number().default(5000).describe("Milliseconds a caller waits for the function."),
    gateway: z
      .string()
      .optional()
      .describe("APIG for the shared gateway, DEDICATEDGATEWAY or APIC; APIG where it is left out."),
    instanceId: z.string().optional().describe("Id of the dedicated gateway."),
    stage: Stage.optional().describe("Stage that the route is published in; RELEASE where it is left out."),
    asynchronous: z
      .boolean()
      .optional()
      .describe("Whether callers are answered before the function has run."),
  }),
  outputs: z.object({
    triggerId: z.string().describe("Id that the platform gave the trigger."),
    url: z.string().describe("Address to call."),
  }),
};

const rules: InputRules<HttpTriggerInputs> = {
  schema: schema.inputs as unknown as z.ZodType<HttpTriggerInputs>,
  standIns: { functionUrn: ANY_URN, name: "trigger", path: "/" },
  leansOn: { instanceId: ["gateway"] },
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
  "gateway",
  "instanceId",
  "stage",
  "asynchronous",
];
const differ: DiffRules = { inputs: INPUTS, replace: INPUTS, identity: ["groupId", "path"] };

/** Creates HTTP triggers. The API changes nothing of one that exists, so every change makes a new one. */
export const httpTriggerLogic: ResourceLogic<HttpTriggerInputs, HttpTriggerState> = {
  about: "An address that callers reach a function at by HTTP.",
  schema,
  fixed: differ.replace,
  secrets: [],
  check: (given) => checkInputs(rules, given),
  diff: (old, next) => diffProperties(differ, old, next),

  predict: (_inputs, _place, old) => ({ triggerId: old?.triggerId ?? UNKNOWN, url: old?.url ?? UNKNOWN }),

  async create(context, inputs) {
    const made = await createTrigger(context, inputs.functionUrn, specOf(inputs));
    return { id: made.id, state: { ...inputs, triggerId: made.id, url: made.url ?? "" } };
  },

  async read(context, id, known) {
    const place = placeOf(id, known.functionUrn);
    const found = await readAny(context, place, known.gateway);
    if (found === undefined) return undefined;
    const inputs = inputsOf(place.functionUrn, found.spec);
    return { id: found.id, state: { ...inputs, triggerId: found.id, url: found.url ?? "" } };
  },

  update: (_context, _id, old) => Promise.resolve(old),

  delete: (context, id, state) =>
    deleteTrigger(context, placeOf(id, state.functionUrn), typeOf(state.gateway)),
};

function typeOf(gateway: string | undefined): TriggerType {
  return (gateway ?? TriggerType.Apig) as TriggerType;
}

/** An import says which trigger, but not in which gateway it is. */
async function readAny(
  context: Context,
  place: TriggerPlace,
  gateway: string | undefined,
): Promise<TriggerReply | undefined> {
  const found = await readTrigger(context, place, typeOf(gateway));
  if (found !== undefined || gateway !== undefined) return found;
  const all = await unlessMissing(context.client.triggers.list(place.functionUrn));
  return all?.find(({ id, spec }) => id === place.triggerId && isGateway(spec.type));
}

function specOf(inputs: HttpTriggerInputs): TriggerSpec {
  return { type: typeOf(inputs.gateway), status: TriggerStatus.Active, eventData: apigEventData(inputs) };
}

function inputsOf(functionUrn: string, { type, eventData }: TriggerSpec): HttpTriggerInputs {
  const data = eventData as ApigEventData;
  const stage = declaredStage(data);
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
    ...(type !== TriggerType.Apig && { gateway: type }),
    ...(data.instance_id !== undefined && { instanceId: data.instance_id }),
    ...(stage && { stage }),
    ...(data.func_info.invocation_type === "async" && { asynchronous: true }),
  };
}
