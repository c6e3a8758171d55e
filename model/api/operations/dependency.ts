import { DEPENDENCIES } from "../paths.ts";
import type { OperationTable } from "../operation-row.ts";

/** Operations on dependencies. */
export const DEPENDENCY_OPERATIONS = {
  CreateDependencyVersion: {
    method: "POST",
    path: `${DEPENDENCIES}/version`,
    access: "manage",
    body: "CreateDependencyRequestBody",
    reply: "CreateDependencyVersionResponse",
    status: 200,
    summary: "Uploads a dependency, or a further version of one with the same name.",
    carries: "code",
  },
  ListDependencies: {
    method: "GET",
    path: DEPENDENCIES,
    access: "read",
    query: {
      marker: "string",
      maxitems: "string",
      ispublic: "string",
      dependency_type: "string",
      runtime: "string",
      name: "string",
      limit: "string",
    },
    reply: "ListDependenciesResponse",
    status: 200,
    summary: "Lists dependencies, each with its newest version.",
  },
  ListDependencyVersion: {
    method: "GET",
    path: `${DEPENDENCIES}/{depend_id}/version`,
    access: "read",
    query: { marker: "string", maxitems: "string" },
    reply: "ListDependencyVersionResponse",
    status: 200,
    summary: "Lists the versions of a dependency.",
  },
  ShowDependencyVersion: {
    method: "GET",
    path: `${DEPENDENCIES}/{depend_id}/version/{version}`,
    access: "read",
    reply: "ShowDependencyVersionResponse",
    status: 200,
    summary: "Shows a version of a dependency.",
  },
  DeleteDependencyVersion: {
    method: "DELETE",
    path: `${DEPENDENCIES}/{depend_id}/version/{version}`,
    access: "manage",
    status: 204,
    summary: "Deletes a version of a dependency that no function uses.",
  },
} as const satisfies OperationTable;
