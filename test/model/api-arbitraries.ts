import * as fc from "fast-check";
import { ENUMS, isEnum } from "../../model/api/enums.ts";
import { isModel, type ModelName, MODELS } from "../../model/api/models.ts";
import { parseField, type Scalar, type TypeNode } from "../../model/api/notation.ts";

const SCALARS: Readonly<Record<Scalar, fc.Arbitrary<unknown>>> = {
  string: fc.string({ maxLength: 12 }),
  integer: fc.integer(),
  number: fc.double({ noNaN: true, noDefaultInfinity: true }),
  boolean: fc.boolean(),
  datetime: fc
    .date({ min: new Date(0), max: new Date("2100-01-01"), noInvalidDate: true })
    .map((date) => date.toISOString()),
  archive: fc.uint8Array({ maxLength: 4 }),
  base64: fc.base64String({ maxLength: 8 }),
  any: fc.jsonValue({ maxDepth: 2 }),
};

/** Values of a type, as its notation says. */
export function valuesOf(type: TypeNode): fc.Arbitrary<unknown> {
  switch (type.kind) {
    case "scalar":
      return SCALARS[type.name];
    case "list":
      return fc.array(valuesOf(type.of), { maxLength: 2 });
    case "map":
      return fc.dictionary(
        fc.string({ minLength: 1, maxLength: 8 }).filter((key) => key !== "__proto__"),
        valuesOf(type.of),
        { maxKeys: 2, noNullPrototype: true },
      );
    case "either":
      return fc.oneof(...type.of.map(valuesOf));
    default:
      if (isEnum(type.name)) return fc.constantFrom(...(ENUMS[type.name] as readonly string[]));
      if (isModel(type.name)) return valuesOfModel(type.name);
      throw new TypeError(type.name);
  }
}

/** Instances of a model: every required field, and any of the others. */
export function valuesOfModel(name: ModelName): fc.Arbitrary<Record<string, unknown>> {
  const fields = Object.entries<string>(MODELS[name]);
  const requiredKeys = fields.filter(([, notation]) => parseField(notation).required).map(([key]) => key);
  const arbitraries = fields.map(([key, notation]) => [key, valuesOf(parseField(notation).type)] as const);
  return fc.record(Object.fromEntries(arbitraries), { requiredKeys, noNullPrototype: true });
}
