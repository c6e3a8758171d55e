/**
 * A type in one line, as models and operations write it: `string`, `integer`, `number`, `boolean`, `datetime`, `any`,
 * `archive` (the bytes of a zip, in replies only), `base64` (bytes as text; decoded already where they are large), the name of an enum or a model, `T[]`, `map<T>`, or `A | B`. With `!` at
 * its end a field is required.
 */
export type Notation = string;

/** Models by name: the fields of each and their types. */
export type ModelTable = Readonly<Record<string, Readonly<Record<string, Notation>>>>;

export const SCALARS = [
  "string",
  "integer",
  "number",
  "boolean",
  "datetime",
  "any",
  "archive",
  "base64",
] as const;
export type Scalar = (typeof SCALARS)[number];

/** A type, read from its notation. */
export type TypeNode =
  | { readonly kind: "scalar"; readonly name: Scalar }
  | { readonly kind: "named"; readonly name: string }
  | { readonly kind: "list" | "map"; readonly of: TypeNode }
  | { readonly kind: "either"; readonly of: readonly TypeNode[] };

/** Reads a notation without its `!`. */
export function parseType(notation: Notation): TypeNode {
  const choices = notation.split(" | ");
  if (choices.length > 1) return { kind: "either", of: choices.map(parseType) };
  if (notation.endsWith("[]")) return { kind: "list", of: parseType(notation.slice(0, -2)) };
  if (notation.startsWith("map<")) return { kind: "map", of: parseType(notation.slice(4, -1)) };
  const scalar = SCALARS.find((name) => name === notation);
  return scalar === undefined ? { kind: "named", name: notation } : { kind: "scalar", name: scalar };
}

/** The notation of a field, taken apart. */
export function parseField(notation: Notation): { readonly type: TypeNode; readonly required: boolean } {
  const required = notation.endsWith("!");
  return { type: parseType(required ? notation.slice(0, -1) : notation), required };
}
