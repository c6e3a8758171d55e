import { z } from "zod";
import { checkSourceTrigger, type SourceTriggerInputs } from "../model/declaration.ts";
import {
  type EventSource,
  exampleFor,
  type SourceData,
  type SourceField,
  sourceFromWire,
  sourceToWire,
} from "../model/event-source.ts";
import { EVENT_SOURCES, type SourceType } from "../model/event-sources.ts";
import { type TriggerSpec, TriggerStatus } from "../model/trigger.ts";
import { diffProperties, type DiffRules } from "./diff.ts";
import { checkInputs, type InputRules } from "./input-check.ts";
import type { ResourceLogic } from "./resource.ts";
import { createTrigger, deleteTrigger, placeOf, readTrigger } from "./trigger.ts";
import { UNKNOWN } from "./unknown.ts";
import { ANY_URN, checkFunctionUrn } from "./urn.ts";

/** A trigger of an event source as it was last applied. */
type SourceTriggerState = SourceTriggerInputs & { readonly triggerId: string };

const FORMS = {
  text: z.string(),
  texts: z.array(z.string()),
  number: z.number(),
  flag: z.boolean(),
  "flag-text": z.boolean(),
};

/** Every trigger of an event source, by the component that declares it. */
export const sourceTriggerLogics: Readonly<Record<string, ResourceLogic>> = Object.fromEntries(
  Object.entries(EVENT_SOURCES).map(([type, source]) => [
    source.component,
    logicOf(type as SourceType, source) as unknown as ResourceLogic,
  ]),
);

/**
 * Creates, tunes, switches and deletes the triggers of one source. What the API cannot change of a living trigger makes
 * a new one.
 */
function logicOf(
  type: SourceType,
  source: EventSource,
): ResourceLogic<SourceTriggerInputs, SourceTriggerState> {
  const rules = rulesOf(source);
  const differ = differOf(source);
  const specOf = (inputs: SourceTriggerInputs): TriggerSpec => {
    const status = inputs.enabled === false ? TriggerStatus.Disabled : TriggerStatus.Active;
    return { type, status, eventData: sourceToWire(source, inputs) };
  };
  return {
    about: `Calls a function for events of ${source.noun.replace(/^an? /, "")}.`,
    schema: schemaOf(source),
    fixed: differ.replace,
    secrets: source.fields.filter(({ secret }) => secret === true).map(({ name }) => name),
    check: (given) => checkInputs(rules, given),
    diff: (old, next) => diffProperties(differ, old, next),
    predict: (_inputs, _place, old) => ({ triggerId: old?.triggerId ?? UNKNOWN }),

    async create(context, inputs) {
      const made = await createTrigger(context, inputs.functionUrn, specOf(inputs));
      return { id: made.id, state: { ...inputs, triggerId: made.id } };
    },

    async read(context, id, known) {
      const place = placeOf(id, known.functionUrn);
      const found = await readTrigger(context, place, type);
      if (found === undefined) return undefined;
      const { functionUrn, triggerId } = place;
      const settings = {
        ...sourceFromWire(source, found.spec.eventData as SourceData),
        ...hiddenOf(source, known),
      };
      const enabled = source.canBeDisabled && { enabled: found.spec.status === TriggerStatus.Active };
      return { id: triggerId, state: { functionUrn, ...settings, ...enabled, triggerId } };
    },

    async update(context, id, _old, next) {
      const spec = specOf(next);
      await context.client.triggers.setStatus(next.functionUrn, { id, spec }, spec.status);
      return { ...next, triggerId: id };
    },

    delete: (context, id, state) => deleteTrigger(context, placeOf(id, state.functionUrn), type),
  };
}

function schemaOf(source: EventSource): ResourceLogic["schema"] {
  const settings = source.fields.map((field) => [field.name, shapeOf(field)]);
  return {
    inputs: z.strictObject({
      functionUrn: z.string().describe("What is called: a function, a version or an alias."),
      ...(Object.fromEntries(settings) as Record<string, z.ZodType>),
      ...(source.canBeDisabled && {
        enabled: z.boolean().default(true).describe("Whether events call the function."),
      }),
    }),
    outputs: z.object({ triggerId: z.string().describe("Id that the platform gave the trigger.") }),
  };
}

function shapeOf({ type, about, required, default: value }: SourceField): z.ZodType {
  const form = FORMS[type] as z.ZodType;
  if (value !== undefined) return form.default(value).describe(about);
  return (required === true ? form : form.optional()).describe(about);
}

function rulesOf(source: EventSource): InputRules<SourceTriggerInputs> {
  const examples = source.fields.map((field) => [field.name, exampleFor(field)] as const);
  return {
    schema: schemaOf(source).inputs as unknown as z.ZodType<SourceTriggerInputs>,
    standIns: { ...Object.fromEntries(examples), functionUrn: ANY_URN, enabled: true },
    faults: (inputs) => [...checkFunctionUrn(inputs.functionUrn), ...checkSourceTrigger(source, inputs)],
    leansOn: { user: ["password"], password: ["user"] },
  };
}

function differOf({ fields, identity, canBeDisabled }: EventSource): DiffRules {
  const named = fields.filter(({ wire }) => identity.includes(wire)).map(({ name }) => name);
  const fixed = fields.filter(({ tunable }) => tunable !== true).map(({ name }) => name);
  return {
    inputs: ["functionUrn", ...fields.map(({ name }) => name), ...(canBeDisabled ? ["enabled"] : [])],
    replace: ["functionUrn", ...fixed],
    identity: ["functionUrn", ...named],
  };
}

/** Passwords, which the platform does not show, as they are remembered. */
function hiddenOf({ fields }: EventSource, known: SourceData): SourceData {
  const hidden = fields.filter(({ secret, name }) => secret === true && known[name] !== undefined);
  return Object.fromEntries(hidden.map(({ name }) => [name, known[name]]));
}
