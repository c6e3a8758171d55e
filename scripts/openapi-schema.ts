import { ENUMS } from "../model/api/enums.ts";
import { MODELS } from "../model/api/models.ts";
import { type Notation, parseField, type Scalar, type TypeNode } from "../model/api/notation.ts";

type Schema = Readonly<Record<string, unknown>>;

const SCALARS: Readonly<Record<Scalar, Schema>> = {
  string: { type: "string" },
  integer: { type: "integer" },
  number: { type: "number" },
  boolean: { type: "boolean" },
  datetime: { type: "string", format: "date-time" },
  base64: { type: "string" },
  // The media type says it all.
  archive: {},
  any: {},
};

/** The JSON schema of a notation. */
export function schemaOf(notation: Notation): Schema {
  return schemaOfType(parseField(notation).type);
}

function schemaOfType(type: TypeNode): Schema {
  switch (type.kind) {
    case "scalar":
      return SCALARS[type.name];
    case "list":
      return { type: "array", items: schemaOfType(type.of) };
    case "map":
      return { type: "object", additionalProperties: schemaOfType(type.of) };
    case "either":
      return { anyOf: type.of.map(schemaOfType) };
    default:
      return { $ref: `#/components/schemas/${type.name}` };
  }
}

/** Every enum, every model and the error, by name in the order of the alphabet. */
export function schemas(): Record<string, Schema> {
  const all: Record<string, Schema> = { Error: ERROR };
  for (const [name, texts] of Object.entries<readonly string[]>(ENUMS))
    all[name] = { type: "string", enum: texts };
  for (const [name, fields] of Object.entries(MODELS)) all[name] = modelSchema(fields);
  return Object.fromEntries(Object.entries(all).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

const ERROR: Schema = {
  type: "object",
  required: ["error_code", "error_msg"],
  properties: {
    error_code: {
      type: "string",
      pattern: String.raw`^FSS\.\d{4}$`,
      description: "One of the codes of errors.md.",
    },
    error_msg: {
      type: "string",
      description: "What was given, the rule, and what to send instead; a line for each fault.",
    },
  },
};

function modelSchema(fields: Readonly<Record<string, Notation>>): Schema {
  const entries = Object.entries(fields);
  const required = entries.filter(([, notation]) => parseField(notation).required).map(([name]) => name);
  return {
    type: "object",
    ...(required.length > 0 ? { required } : {}),
    properties: Object.fromEntries(entries.map(([name, notation]) => [name, schemaOf(notation)])),
  };
}
