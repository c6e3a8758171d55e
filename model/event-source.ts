import type { Fault } from "./fault.ts";
import { checkWholeNumber } from "./number.ts";

/** One setting of a trigger: what declarations, `event_data` and readers call it, and what it may be. */
export interface SourceField {
  /** In declarations, for example `batchSize`. */
  readonly name: string;
  /** In `event_data`, for example `batch_size`. */
  readonly wire: string;
  /** `flag-text` is a boolean that travels as `"true"` or `"false"`. */
  readonly type: "text" | "texts" | "number" | "flag" | "flag-text";
  /** Sentence for the reader of the package's schema. */
  readonly about: string;
  readonly required?: boolean;
  readonly default?: string | number | boolean;
  /** Texts that it may be, each of them in a list. */
  readonly choices?: readonly string[];
  readonly pattern?: { readonly test: RegExp; readonly rule: string; readonly example: string };
  readonly range?: { readonly min: number; readonly max: number; readonly unit?: string };
  /** Sealed where it is kept, and blank in replies. */
  readonly secret?: boolean;
  /** May change while the trigger lives. */
  readonly tunable?: boolean;
}

/** `event_data` of a source's trigger, in the API's own words. */
export type SourceData = Readonly<Record<string, unknown>>;

/** A service whose events call functions. */
export interface EventSource {
  /** What declares its triggers, for example `KafkaTrigger`. */
  readonly component: string;
  /** For sentences: `a Kafka trigger`. */
  readonly noun: string;
  readonly fields: readonly SourceField[];
  /** Fields of `event_data` that tell a trigger from all others of its kind on one function. */
  readonly identity: readonly string[];
  /** Faults that concern several fields, told under the names of `event_data`. */
  readonly together?: (data: SourceData) => Fault[];
  /** FunctionGraph codes of a wrong setting, of a trigger that is not there, and of one that is there already. */
  readonly codes: { readonly wrong: string; readonly missing: string; readonly taken: string };
  /** Whether the platform itself is the source: its triggers call functions. Default false. */
  readonly isHere?: boolean;
  /** False when its triggers can only be deleted (guide 3.5.1). */
  readonly canBeDisabled: boolean;
}

/** All faults of a source's `event_data`, under its own names. */
export function checkSourceData(source: EventSource, data: SourceData): Fault[] {
  const faults = source.fields.flatMap((field) => checkField(source, field, data[field.wire]));
  return faults.length > 0 ? faults : (source.together?.(data) ?? []);
}

/** `event_data` of a declared trigger; settings that are left out stay out. */
export function sourceToWire(source: EventSource, declared: SourceData): SourceData {
  const entries = source.fields.map(({ name, wire, type }) => {
    const value = declared[name];
    return [wire, type === "flag-text" && value !== undefined ? textOf(value) : value] as const;
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** The settings of a trigger as a declaration has them. */
export function sourceFromWire(source: EventSource, data: SourceData): SourceData {
  const entries = source.fields.map(({ name, wire, type }) => {
    const value = data[wire];
    return [name, type === "flag-text" && !isBlank(value) ? value === "true" : value] as const;
  });
  return Object.fromEntries(entries.filter(([, value]) => !isBlank(value)));
}

/** The same data with booleans as text where the API creates them so, though clients change them as booleans. */
export function withFlagTexts(source: EventSource, data: SourceData): SourceData {
  const flags = source.fields.filter(({ type, wire }) => type === "flag-text" && !isBlank(data[wire]));
  return { ...data, ...Object.fromEntries(flags.map(({ wire }) => [wire, textOf(data[wire])])) };
}

/** `"true"` for true; what is no boolean stays what it is, for the check to refuse. */
function textOf(flag: unknown): unknown {
  return typeof flag === "boolean" ? String(flag) : flag;
}

function checkField(source: EventSource, field: SourceField, value: unknown): Fault[] {
  const { wire: property, required = false, secret = false } = field;
  if (isBlank(value)) return required ? [missing(source, field)] : [];
  const wrong = ruleBroken(field, value);
  if (wrong === undefined) return checkRange(source, field, value);
  return [{ property, ...(secret ? {} : { value }), ...wrong, code: source.codes.wrong }];
}

/** Null, an empty text and an empty list mean the same as leaving it out: clients send them for what was not set. */
function isBlank(value: unknown): boolean {
  return (
    value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0)
  );
}

function missing(source: EventSource, field: SourceField): Fault {
  return {
    property: field.wire,
    rule: `${source.noun} trigger needs it`,
    fix: `Write ${exampleOf(field)}, for example.`,
    code: source.codes.wrong,
  };
}

type Wrong = Pick<Fault, "rule" | "fix">;

function ruleBroken(field: SourceField, value: unknown): Wrong | undefined {
  const fix = `Write ${exampleOf(field)}, for example.`;
  switch (field.type) {
    case "number":
      return typeof value === "number" ? undefined : { rule: "must be a number", fix };
    case "flag":
      return typeof value === "boolean" ? undefined : { rule: "must be true or false", fix };
    case "flag-text":
      return value === "true" || value === "false" ? undefined : { rule: "must be true or false", fix };
    case "text":
      return typeof value === "string" ? textBroken(field, value) : { rule: "must be a text", fix };
    default:
      return listBroken(field, value);
  }
}

function listBroken(field: SourceField, value: unknown): Wrong | undefined {
  const fix = `Write ${exampleOf(field)}, for example.`;
  if (!Array.isArray(value) || value.some((item) => typeof item !== "string" || item === ""))
    return { rule: "must be a list of texts", fix };
  const texts = value as string[];
  const twice = texts.find((text, at) => texts.indexOf(text) < at);
  if (twice !== undefined) return { rule: `has ${JSON.stringify(twice)} twice`, fix: "Leave it out once." };
  return texts.map((text) => textBroken(field, text)).find((wrong) => wrong !== undefined);
}

function textBroken({ choices, pattern }: SourceField, text: string): Wrong | undefined {
  if (choices !== undefined && !choices.includes(text))
    return { rule: `must be one of ${choices.join(", ")}`, fix: `Write "${choices[0]}", for example.` };
  if (pattern !== undefined && !pattern.test.test(text))
    return { rule: pattern.rule, fix: `Write "${pattern.example}", for example.` };
  if (text.length <= TEXT_LENGTH) return undefined;
  return {
    rule: `has ${text.length} characters, at most ${TEXT_LENGTH} are allowed`,
    fix: "Shorten the text.",
  };
}

/** No id, name or address of a source is longer; rules of the sources themselves are tighter. */
const TEXT_LENGTH = 1024;

function checkRange(source: EventSource, { wire, range }: SourceField, value: unknown): Fault[] {
  if (range === undefined || typeof value !== "number") return [];
  return checkWholeNumber(wire, value, { ...range, code: source.codes.wrong });
}

function exampleOf(field: SourceField): string {
  return JSON.stringify(exampleFor(field));
}

/** A value that breaks no rule, for sentences and in place of one that is not known yet. */
export function exampleFor({ type, choices, pattern, range, name }: SourceField): unknown {
  if (type === "number") return range?.min ?? 1;
  if (type === "flag" || type === "flag-text") return true;
  const text = choices?.[0] ?? pattern?.example ?? `my-${name.toLowerCase()}`;
  return type === "texts" ? [text] : text;
}
