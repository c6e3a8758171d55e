// Writes docs/openapi.json from the table of operations. A test fails while the document is stale.
import { readFileSync, writeFileSync } from "node:fs";
import { type Access, ROLES } from "../model/api/access.ts";
import { parseField } from "../model/api/notation.ts";
import type { OperationRow } from "../model/api/operation-row.ts";
import { FAMILIES } from "../model/api/operations.ts";
import { pathParameters } from "../model/api/paths.ts";
import { schemaOf, schemas } from "./openapi-schema.ts";

type Json = Readonly<Record<string, unknown>>;

/** The OpenAPI 3.1 document of the control plane, as text. */
export function renderOpenApi(version: string): string {
  const document = {
    openapi: "3.1.1",
    info: {
      title: "Fungraph control plane",
      version,
      summary: "The FunctionGraph v2 REST API as Fungraph answers it.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [
      {
        url: "{endpoint}",
        description: "The endpoint of your platform.",
        variables: { endpoint: { default: "http://127.0.0.1:8080" } },
      },
    ],
    security: [{ signature: [] }, { token: [] }],
    tags: Object.keys(FAMILIES).map((name) => ({ name })),
    paths: paths(),
    components: { securitySchemes: SECURITY, responses: { Error: ERROR }, schemas: schemas() },
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

const SECURITY = {
  signature: {
    type: "apiKey",
    in: "header",
    name: "Authorization",
    description:
      "SDK-HMAC-SHA256 over the request with access key and secret key; its time is in X-Sdk-Date.",
  },
  token: {
    type: "apiKey",
    in: "header",
    name: "X-Auth-Token",
    description: "A token from POST /v3/auth/tokens.",
  },
};

const ERROR = {
  description: "The request was refused, or the platform failed.",
  headers: {
    "X-Request-Id": { description: "Names the request in the platform's log.", schema: { type: "string" } },
  },
  content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } },
};

/** One entry a path, each with its methods, in the order of the table. */
function paths(): Record<string, Record<string, unknown>> {
  const all: Record<string, Record<string, unknown>> = {};
  for (const [tag, table] of Object.entries(FAMILIES)) {
    for (const [id, row] of Object.entries(table)) {
      const item = (all[row.path] ??= {});
      item[row.method.toLowerCase()] = operation(id, tag, row);
    }
  }
  return all;
}

function operation(id: string, tag: string, row: OperationRow): Json {
  const parameters = [
    ...pathParameters(row.path).map((name) => inPath(name, row)),
    ...inPlace("query", row.query),
    ...inPlace("header", row.headers),
  ];
  return {
    operationId: id,
    tags: [tag],
    summary: row.summary,
    description: describe(row),
    ...(row.access === "open" ? { security: [] } : {}),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(row.body === undefined ? {} : { requestBody: { required: true, content: content(row.body) } }),
    responses: {
      [row.status]: {
        description: row.reply === undefined ? "Done; there is no body." : "Done.",
        ...(row.reply === undefined ? {} : { content: content(row.reply) }),
      },
      default: { $ref: "#/components/responses/Error" },
    },
  };
}

const EXTRAS = {
  terraform: "Called by Terraform.",
  former: "Called by older SDKs.",
  companion: "Belongs to another service; clients call it on their way.",
};

function describe({ access, offCloud, formerly, extra }: OperationRow): string {
  return [
    `For ${rolesWith(access)}.`,
    extra === undefined ? "" : EXTRAS[extra],
    formerly === undefined ? "" : `Older SDKs call it ${formerly}.`,
    offCloud ?? "",
  ]
    .filter((text) => text !== "")
    .join(" ");
}

function rolesWith(access: Access): string {
  if (access === "open") return "everybody";
  const roles = Object.entries<readonly Access[]>(ROLES).filter(([, rights]) => rights.includes(access));
  return roles.map(([role]) => role).join(", ");
}

function inPath(name: string, { parameters = {} }: OperationRow): Json {
  return { name, in: "path", required: true, schema: schemaOf(parameters[name] ?? "string") };
}

function inPlace(place: "query" | "header", group: OperationRow["query"] = {}): Json[] {
  return Object.entries(group).map(([name, notation]) => ({
    name,
    in: place,
    ...(parseField(notation).required ? { required: true } : {}),
    schema: schemaOf(notation),
  }));
}

function content(notation: string): Json {
  const media = notation === "archive" ? "application/zip" : "application/json";
  return { [media]: { schema: schemaOf(notation) } };
}

/** The version that the document carries: the package's. */
export function packageVersion(): string {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}

if (import.meta.main)
  writeFileSync(new URL("../docs/openapi.json", import.meta.url), renderOpenApi(packageVersion()));
