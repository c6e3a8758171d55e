import { ENUMS, isEnum } from "./enums.ts";
import { mayAdd } from "./reply-additions.ts";
import { isModel, type ModelName, MODELS } from "./models.ts";
import { type Notation, parseType, type Scalar, type TypeNode } from "./notation.ts";
import type { Walk } from "./walk.ts";

/** Checks values of one type. */
export interface Checker {
  /** What the type is, as a sentence has it: `a text`, `a list`. */
  readonly says: string;
  /** Whether a value is of this kind of JSON at all. */
  takes(value: unknown): boolean;
  /** Looks into a value that is of the kind. */
  readonly inside?: (value: never, walk: Walk) => void;
  /** Clients of some languages write an empty list or map as null, even where it is required. */
  readonly emptyAsNull: boolean;
}

type Members = Readonly<Record<string, unknown>>;

const compiled = new Map<Notation, Checker>();

/** The checker of a notation; each is made once. */
export function checkerOf(notation: Notation): Checker {
  let checker = compiled.get(notation);
  if (checker === undefined) {
    checker = compile(parseType(notation));
    compiled.set(notation, checker);
  }
  return checker;
}

/** Checks one value that is there. */
export function check(checker: Checker, value: unknown, walk: Walk): void {
  if (checker.takes(value)) checker.inside?.(value as never, walk);
  else walk.refuse(`must be ${checker.says}, not ${kindOf(value)}`, `Send ${checker.says}.`, value);
}

function compile(type: TypeNode): Checker {
  switch (type.kind) {
    case "scalar":
      return SCALAR[type.name];
    case "list":
      return listOf(compile(type.of));
    case "map":
      return mapOf(compile(type.of));
    case "either":
      return anyOf(type.of.map(compile));
    default:
      return named(type.name);
  }
}

function named(name: string): Checker {
  if (isEnum(name)) return oneOf(ENUMS[name]);
  if (isModel(name)) return model(name);
  throw new TypeError(`${name} is no scalar, no enum and no model`);
}

const isText = (value: unknown): value is string => typeof value === "string";
const isBytes = (value: unknown): boolean => value instanceof Uint8Array;
const isObject = (value: unknown): boolean =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const SCALAR: Readonly<Record<Scalar, Checker>> = {
  string: { says: "a text", takes: isText, emptyAsNull: false },
  integer: { says: "a whole number", takes: Number.isSafeInteger, emptyAsNull: false },
  number: { says: "a number", takes: Number.isFinite, emptyAsNull: false },
  boolean: { says: "true or false", takes: (value) => typeof value === "boolean", emptyAsNull: false },
  datetime: { says: "a time as text", takes: isText, inside: checkTime, emptyAsNull: false },
  archive: { says: "an archive", takes: isBytes, emptyAsNull: false },
  base64: { says: "a text", takes: (value) => isText(value) || isBytes(value), emptyAsNull: false },
  any: { says: "any value", takes: () => true, emptyAsNull: true },
};

function checkTime(text: string, walk: Walk): void {
  if (!isTime(text)) walk.refuse("must be a time", 'Send a time like "2026-01-31T08:30:00Z".', text);
}

/** Whether a text is a time in one of the forms that clients and the service write. */
export function isTime(text: string): boolean {
  return /^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(Date.parse(text));
}

function oneOf(texts: readonly string[]): Checker {
  const known = new Set(texts);
  return {
    says: "a text",
    takes: isText,
    inside(text: string, walk) {
      if (known.has(text)) return;
      walk.refuse(`must be one of ${texts.join(", ")}`, `Send "${texts[0]}", for example.`, text);
    },
    emptyAsNull: false,
  };
}

function listOf(item: Checker): Checker {
  return {
    says: "a list",
    takes: Array.isArray,
    inside(list: readonly unknown[], walk) {
      for (let index = 0; index < list.length && !walk.full; index++) {
        walk.enter(index);
        check(item, list[index], walk);
        walk.leave();
      }
    },
    emptyAsNull: true,
  };
}

function mapOf(item: Checker): Checker {
  return {
    says: "an object",
    takes: isObject,
    inside(map: Members, walk) {
      for (const key of Object.keys(map)) {
        if (walk.full) return;
        walk.enter(key);
        // Whoever copies the map key by key would change the prototype of the copy instead.
        if (key === "__proto__") walk.refuse("is no name that a map may have", "Choose another name.");
        else check(item, map[key], walk);
        walk.leave();
      }
    },
    emptyAsNull: true,
  };
}

/** The types of one choice differ in their kind of JSON, so the kind tells which is meant. */
function anyOf(choices: readonly Checker[]): Checker {
  return {
    says: choices.map(({ says }) => says).join(" or "),
    takes: (value) => choices.some((choice) => choice.takes(value)),
    inside(value: unknown, walk) {
      const meant = choices.find((choice) => choice.takes(value));
      if (meant !== undefined) check(meant, value, walk);
    },
    emptyAsNull: choices.some(({ emptyAsNull }) => emptyAsNull),
  };
}

interface Field {
  readonly name: string;
  readonly required: boolean;
  readonly checker: Checker;
}

function model(name: ModelName): Checker {
  return {
    says: "an object",
    takes: isObject,
    inside(members: Members, walk) {
      const fields = fieldsOf(name);
      for (const field of fields) {
        const value = members[field.name];
        const there = value !== undefined && value !== null;
        if (there && !isBlank(value, field, walk)) {
          walk.enter(field.name);
          check(field.checker, value, walk);
          walk.leave();
        } else if (!there) checkAbsent(field, value, walk);
      }
      if (walk.strict) refuseUnknown(name, fields, members, walk);
    },
    emptyAsNull: false,
  };
}

const fieldsByModel = new Map<ModelName, readonly Field[]>();

/** Read at the first use, because models may contain each other. */
function fieldsOf(name: ModelName): readonly Field[] {
  let fields = fieldsByModel.get(name);
  if (fields === undefined) {
    fields = Object.entries<Notation>(MODELS[name]).map(([field, notation]) => ({
      name: field,
      required: notation.endsWith("!"),
      checker: checkerOf(notation.replace(/!$/, "")),
    }));
    fieldsByModel.set(name, fields);
  }
  return fields;
}

/** A request may leave an optional field blank instead of leaving it out. */
function isBlank(value: unknown, field: Field, walk: Walk): boolean {
  return value === "" && !field.required && !walk.strict;
}

function checkAbsent({ name, required, checker }: Field, value: unknown, walk: Walk): void {
  const mayBeNull = walk.strict ? checker === SCALAR.any : !required || checker.emptyAsNull;
  if (value === null ? mayBeNull : !required) return;
  walk.enter(name);
  if (walk.strict && value === null)
    walk.refuse("must not be null", `Answer ${checker.says}, or leave the field out.`);
  else walk.refuse("is missing", `Send it as ${checker.says}.`);
  walk.leave();
}

function refuseUnknown(name: ModelName, fields: readonly Field[], members: Members, walk: Walk): void {
  for (const key of Object.keys(members)) {
    if (fields.some((field) => field.name === key) || mayAdd(name, key)) continue;
    walk.enter(key);
    walk.refuse(`is no field of ${name}`, "Leave it out, or add it to the model.");
    walk.leave();
  }
}

/** What a value is, in words. */
function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  switch (typeof value) {
    case "string":
      return "a text";
    case "number":
      return Number.isInteger(value) ? "a number" : "a fraction";
    case "boolean":
      return String(value);
    default:
      return "an object";
  }
}
