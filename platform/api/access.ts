import type { Access } from "../../model/api/access.ts";
import { OPERATION_IDS, operationRow } from "../../model/api/operations.ts";

/** What a caller needs for a route: what the operation table says; elsewhere to look for GET, to manage for the rest. */
export function accessOf({ method, path }: { readonly method: string; readonly path: string }): Access {
  return ACCESS.get(shape(method, path)) ?? (method === "GET" ? "read" : "manage");
}

/** Method and path with nameless parameters. */
function shape(method: string, path: string): string {
  return `${method} ${path.replaceAll(/\{\w+\}/g, "{}")}`;
}

const ACCESS: ReadonlyMap<string, Access> = new Map(
  OPERATION_IDS.map((id) => {
    const { method, path, access } = operationRow(id);
    return [shape(method, path), access];
  }),
);
