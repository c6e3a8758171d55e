import { z } from "zod";
import type { CodeSource } from "../code-source.ts";
import type { ResourceLogic } from "../resource.ts";
import { resources } from "../resources.ts";
import { configurationSchema, SECRET_SETTINGS } from "./configuration.ts";

/** A part of a JSON schema. */
type Json = Readonly<Record<string, unknown>>;

/** The package as Pulumi describes packages: what `GetSchema` answers and `docs/schema.json` holds. */
export function packageSchema(version: string): Json {
  const types: Record<string, Json> = {};
  const settings = describe(configurationSchema, types, { secrets: SECRET_SETTINGS }).properties;
  const described = Object.entries(resources).map(([token, logic]) => [token, resourceOf(logic, types)]);
  return {
    name: "fungraph",
    displayName: "Fungraph",
    version,
    description: "Functions, versions, aliases and triggers of a FunctionGraph platform that you own.",
    keywords: ["pulumi", "fungraph", "functiongraph", "faas", "category/infrastructure"],
    license: "Apache-2.0",
    config: { variables: settings },
    provider: {
      description: "Where the platform is that a stack's resources belong to.",
      inputProperties: settings,
    },
    types: Object.fromEntries(Object.entries(types).sort(([a], [b]) => (a < b ? -1 : 1))),
    resources: Object.fromEntries(described),
  };
}

function resourceOf(logic: ResourceLogic, types: Record<string, Json>): Json {
  const { secrets, fixed, source } = logic;
  const given = describe(logic.schema.inputs, types, { secrets, fixed });
  const known = describe(logic.schema.inputs, types, { secrets });
  const made = describe(logic.schema.outputs, types, { secrets });
  return {
    description: logic.about,
    properties: { ...known.properties, ...made.properties },
    required: [...known.always, ...made.always],
    inputProperties: { ...given.properties, ...(source && { code: codeOf(source) }) },
    requiredInputs: given.required.filter((name) => source?.fills[name] === undefined),
  };
}

/** The path that code is packed from; programs in other languages give that instead of what is packed. */
function codeOf({ about }: CodeSource): Json {
  return { type: "string", description: about };
}

interface Marks {
  readonly secrets?: readonly string[];
  /** Properties whose change makes a new resource. */
  readonly fixed?: readonly string[];
}

interface Described {
  readonly properties: Record<string, Json>;
  /** Those that have to be given. */
  readonly required: readonly string[];
  /** Those that are there once defaults are filled in. */
  readonly always: readonly string[];
}

/** The properties of an object; types with a name of their own go to `types`. */
function describe(object: z.ZodObject, types: Record<string, Json>, marks: Marks): Described {
  const given = z.toJSONSchema(object, { io: "input" });
  const filled = z.toJSONSchema(object, { io: "output" });
  for (const [name, type] of Object.entries(given.$defs ?? {})) types[tokenOf(name)] = namedType(type);
  const properties = Object.entries(given.properties ?? {}).map(([name, property]) => [
    name,
    { ...propertyOf(property as Json), ...marksOf(name, marks) },
  ]);
  return {
    properties: Object.fromEntries(properties) as Record<string, Json>,
    required: given.required ?? [],
    always: filled.required ?? [],
  };
}

function marksOf(name: string, { secrets = [], fixed = [] }: Marks): Json {
  return {
    ...(secrets.includes(name) && { secret: true }),
    ...(fixed.includes(name) && { replaceOnChanges: true, willReplaceOnChanges: true }),
  };
}

function namedType(type: Json): Json {
  const members = Object.entries(type["properties"] as Record<string, Json>);
  return {
    type: "object",
    description: type["description"],
    properties: Object.fromEntries(members.map(([name, member]) => [name, propertyOf(member)])),
    required: type["required"],
  };
}

/** Pulumi's schema has defaults of plain values only; that a map is empty by default goes without saying there. */
function propertyOf(property: Json): Json {
  const { description, default: value } = property;
  const plain = value !== undefined && typeof value !== "object";
  return { ...typeOf(property), description, ...(plain && { default: value }) };
}

function typeOf({ type, $ref, items, additionalProperties }: Json): Json {
  if (typeof $ref === "string") return { $ref: `#/types/${tokenOf($ref.slice("#/$defs/".length))}` };
  if (type === "array") return { type, items: typeOf(items as Json) };
  if (type === "object") return { type, additionalProperties: typeOf(additionalProperties as Json) };
  return { type };
}

function tokenOf(name: string): string {
  return `fungraph:index:${name}`;
}
