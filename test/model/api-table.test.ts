import { describe, expect, test } from "vitest";
import { mayCall } from "../../model/api/access.ts";
import { ENUMS, isEnum } from "../../model/api/enums.ts";
import { isModel, MODELS } from "../../model/api/models.ts";
import { parseField, SCALARS, type TypeNode } from "../../model/api/notation.ts";
import type { OperationRow } from "../../model/api/operation-row.ts";
import { FAMILIES, OPERATION_IDS, type OperationId, operationRow } from "../../model/api/operations.ts";
import { pathParameters } from "../../model/api/paths.ts";

const ROWS: readonly (readonly [string, OperationRow])[] = OPERATION_IDS.map((id) => [id, operationRow(id)]);

function namesIn(type: TypeNode): string[] {
  if (type.kind === "either") return type.of.flatMap(namesIn);
  if (type.kind === "named") return [type.name];
  return type.kind === "scalar" ? [] : namesIn(type.of);
}

function namesOf(notation: string | undefined): string[] {
  return notation === undefined ? [] : namesIn(parseField(notation).type);
}

/** Models and enums that a row reaches, through other models too. */
function reached(row: OperationRow, seen = new Set<string>()): Set<string> {
  const visit = (name: string): void => {
    if (seen.has(name)) return;
    seen.add(name);
    if (isModel(name)) Object.values<string>(MODELS[name]).flatMap(namesOf).forEach(visit);
  };
  const texts = [row.parameters, row.query, row.headers].flatMap((group) => Object.values(group ?? {}));
  [row.body, row.reply, ...texts].flatMap(namesOf).forEach(visit);
  return seen;
}

describe("operations", () => {
  test("are the 92 of the SDK and what clients call beyond it, in one family each", () => {
    const extras = ROWS.filter(([, row]) => row.extra !== undefined);
    expect(ROWS).toHaveLength(92 + extras.length);
    expect(extras).toHaveLength(21);
    expect(Object.values(FAMILIES).flatMap((table) => Object.keys(table))).toEqual(OPERATION_IDS);
  });

  test.each(ROWS)("%s is a whole row", (_id, row) => {
    expect(row.path).toMatch(/^\/(v2\/\{project_id\}|v1|v1\.0|v3)(\/[\w.{}-]+)+$/);
    expect(row.summary).toMatch(/^[A-Z].{10,100}\.$/);
    if (row.offCloud !== undefined) expect(row.offCloud).toMatch(/^[A-Z].{10,100}\.$/);
    expect(row.status === 204).toBe(row.reply === undefined && row.status !== 200);
    if (row.method === "GET") expect([row.body, row.access]).toEqual([undefined, "read"]);
    else if (row.method !== "POST") expect(row.access).toBe("manage");
    if (row.carries !== undefined) expect(row.body).toBeDefined();
    const inPath = pathParameters(row.path);
    for (const name of Object.keys(row.parameters ?? {})) expect(inPath).toContain(name);
  });

  test("answer POST and PUT with what Terraform takes for success", () => {
    const other = ROWS.filter(([, { method, status }]) => status === 204 && method !== "DELETE");
    expect(other.map(([id]) => id)).toEqual(["CreateTags"]);
  });

  test("name only models and enums that exist, and every one of them is reached", () => {
    const names = new Set(ROWS.flatMap(([, row]) => [...reached(row)]));
    for (const name of names) expect(isModel(name) !== isEnum(name), name).toBe(true);
    const all = [...Object.keys(MODELS), ...Object.keys(ENUMS)];
    expect(all.filter((name) => !names.has(name))).toEqual([]);
  });

  test("are told apart by method and path: where two fit, the first is the one that says more", () => {
    const fitting = ROWS.flatMap(([one, a], index) =>
      ROWS.slice(index + 1)
        .filter(([, b]) => a.method === b.method && overlap(a.path, b.path))
        .map(([other, b]) => ({ one, other, at: [a.path, b.path].map((path) => path.split("/")[3]) })),
    );
    expect(fitting.length).toBeGreaterThan(0);
    for (const { one, other, at } of fitting)
      expect(at, `${one}, ${other}`).toEqual(["fgs", "{resource_type}"]);
  });

  test("ask for the right that guide 1.7 gives to each role", () => {
    const roles = [
      "FunctionGraph ReadOnlyAccess",
      "FunctionGraph CommonOperations",
      "FunctionGraph FullAccess",
    ];
    const who = (id: OperationId) => roles.map((role) => mayCall(role as never, operationRow(id).access));
    expect(who("CreateFunction")).toEqual([false, false, true]);
    expect(who("ListFunctions")).toEqual([true, true, true]);
    expect(who("UpdateFunctionConfig")).toEqual([false, false, true]);
    expect(who("DeleteFunction")).toEqual([false, false, true]);
    expect(who("InvokeFunction")).toEqual([false, true, true]);
    expect(who("AsyncInvokeFunction")).toEqual([false, true, true]);
    expect(who("ShowLtsLogDetails")).toEqual([true, true, true]);
    expect(who("ListFunctionStatistics")).toEqual([true, true, true]);
    expect(who("ListFunctionTriggers")).toEqual([true, true, true]);
    expect(who("CreateToken")).toEqual([true, true, true]);
  });
});

describe("models", () => {
  test("have no field that every object has, and types that are written right", () => {
    for (const [name, fields] of Object.entries(MODELS)) {
      expect(isEnum(name)).toBe(false);
      for (const [field, notation] of Object.entries<string>(fields)) {
        expect(field in {}, `${name}.${field}`).toBe(false);
        expect(notation, `${name}.${field}`).toMatch(/^(map<)?\w+(\[\])*>?( \| \w+(\[\])*)*!?$/);
      }
    }
  });

  test("take every runtime of the platform and the names the SDK has for them", () => {
    for (const name of [
      "Node.js18.15",
      "Python3.10",
      "Java17",
      "Go1.x",
      "C#(.NET Core 6.0)",
      "Custom",
      "http",
    ])
      expect(ENUMS.Runtime).toContain(name);
    expect(new Set(ENUMS.Runtime).size).toBe(ENUMS.Runtime.length);
    expect(SCALARS.some((scalar) => isEnum(scalar) || isModel(scalar))).toBe(false);
  });
});

function overlap(a: string, b: string): boolean {
  const [one, other] = [a.split("/"), b.split("/")];
  if (one.length !== other.length) return false;
  return one.every((part, at) => {
    const twin = other[at] ?? "";
    return part === twin || part.startsWith("{") || twin.startsWith("{");
  });
}
