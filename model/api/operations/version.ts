import { FUNCTION } from "../paths.ts";
import type { OperationTable } from "../operation-row.ts";

/** Operations on versions and aliases. */
export const VERSION_OPERATIONS = {
  CreateFunctionVersion: {
    method: "POST",
    path: `${FUNCTION}/versions`,
    access: "manage",
    body: "CreateFunctionVersionRequestBody",
    reply: "CreateFunctionVersionResponse",
    status: 200,
    summary: "Publishes the latest version under a name that never changes.",
  },
  ListFunctionVersions: {
    method: "GET",
    path: `${FUNCTION}/versions`,
    access: "read",
    query: { marker: "string", maxitems: "string" },
    reply: "ListFunctionVersionsResponse",
    status: 200,
    summary: "Lists the versions of a function.",
  },
  CreateVersionAlias: {
    method: "POST",
    path: `${FUNCTION}/aliases`,
    access: "manage",
    body: "CreateVersionAliasRequestBody",
    reply: "CreateVersionAliasResponse",
    status: 200,
    summary: "Creates an alias that points at one version, or at two with weights.",
  },
  ListVersionAliases: {
    method: "GET",
    path: `${FUNCTION}/aliases`,
    access: "read",
    reply: "ListVersionAliasResult[]",
    status: 200,
    summary: "Lists the aliases of a function.",
  },
  ShowVersionAlias: {
    method: "GET",
    path: `${FUNCTION}/aliases/{alias_name}`,
    access: "read",
    reply: "ShowVersionAliasResponse",
    status: 200,
    summary: "Shows an alias.",
  },
  UpdateVersionAlias: {
    method: "PUT",
    path: `${FUNCTION}/aliases/{alias_name}`,
    access: "manage",
    body: "UpdateVersionAliasRequestBody",
    reply: "UpdateVersionAliasResponse",
    status: 200,
    summary: "Points an alias elsewhere.",
  },
  DeleteVersionAlias: {
    method: "DELETE",
    path: `${FUNCTION}/aliases/{alias_name}`,
    access: "manage",
    status: 204,
    summary: "Deletes an alias.",
  },
} as const satisfies OperationTable;
