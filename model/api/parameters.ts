import type { Fault } from "../fault.ts";
import { isTime } from "./checker.ts";
import { ENUMS, isEnum } from "./enums.ts";
import { type Notation, parseField } from "./notation.ts";
import type { OperationRow } from "./operation-row.ts";
import { type OperationId, operationRow } from "./operations.ts";

/** What a request says outside its body. */
export interface RequestTexts {
  /** Values of the path template, decoded. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Names in lower case, as Node has them. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** All that is wrong with path, query and headers of a request; blank stands for left out. */
export function checkParameters(operation: OperationId, request: RequestTexts): Fault[] {
  const faults: Fault[] = [];
  for (const { name, place, required, type } of rulesOf(operation)) {
    const text = read(request, place, name);
    if (text === "") {
      if (required) faults.push(missing(name, place));
    } else if (!type.takes(text)) faults.push(wrong({ name, place, text, says: type.says }));
  }
  return faults;
}

type Place = "path" | "query" | "header";

interface TextType {
  readonly says: string;
  readonly takes: (text: string) => boolean;
}

interface Rule {
  readonly name: string;
  readonly place: Place;
  readonly required: boolean;
  readonly type: TextType;
}

const compiled = new Map<OperationId, readonly Rule[]>();

function rulesOf(operation: OperationId): readonly Rule[] {
  let rules = compiled.get(operation);
  if (rules === undefined) {
    rules = compile(operationRow(operation));
    compiled.set(operation, rules);
  }
  return rules;
}

function compile({ parameters = {}, query = {}, headers = {} }: OperationRow): Rule[] {
  return [
    ...Object.entries(parameters).map(([name, notation]) => rule("path", name, notation)),
    ...Object.entries(query).map(([name, notation]) => rule("query", name, notation)),
    ...Object.entries(headers).map(([name, notation]) => rule("header", name, notation)),
  ];
}

function rule(place: Place, name: string, notation: Notation): Rule {
  const { type, required } = parseField(notation);
  const named = type.kind === "named" || type.kind === "scalar" ? type.name : "";
  return { name, place, required, type: isEnum(named) ? oneOf(ENUMS[named]) : textType(named) };
}

function oneOf(texts: readonly string[]): TextType {
  const known = new Set(texts);
  return { says: `one of ${texts.join(", ")}`, takes: (text) => known.has(text) };
}

function textType(name: string): TextType {
  switch (name) {
    case "integer":
      return { says: "a whole number", takes: (text) => /^-?\d{1,15}$/.test(text) };
    case "boolean":
      return { says: "true or false", takes: (text) => text === "true" || text === "false" };
    case "datetime":
      return { says: 'a time like "2026-01-31T08:30:00Z"', takes: isTime };
    case "string":
      return { says: "a text", takes: () => true };
    default:
      throw new TypeError(`${name} is no type of a parameter`);
  }
}

function read({ parameters, query, headers }: RequestTexts, place: Place, name: string): string {
  if (place === "path") return parameters[name] ?? "";
  if (place === "query") return query.get(name) ?? "";
  return String(headers[name.toLowerCase()] ?? "");
}

function missing(property: string, place: Place): Fault {
  return {
    property,
    rule: `is a ${place} parameter that must be there`,
    fix: place === "header" ? `Send the header ${property}.` : `Add ${property}=… to the query.`,
    code: codeOf(property, place),
  };
}

function wrong(given: { name: string; place: Place; text: string; says: string }): Fault {
  const { name, place, text, says } = given;
  return {
    property: name,
    value: text.slice(0, 200),
    rule: `must be ${says}`,
    fix: `Correct it in the ${place}.`,
    code: codeOf(name, place),
  };
}

const CODES: Readonly<Record<string, string>> = {
  "X-Cff-Instance-Memory": "FSS.0406",
  trigger_type_code: "FSS.1101",
};

function codeOf(name: string, place: Place): string {
  return CODES[name] ?? (place === "query" ? "FSS.1001" : "FSS.0400");
}
