import { operationRow } from "../../model/api/operations.ts";
import { checkResponse } from "../../model/api/validate.ts";
import { formatFault } from "../../model/fault.ts";
import { RouteTable } from "../../platform/api/route-match.ts";
import { ROUTES } from "../../platform/api/routes.ts";

const TABLE = new RouteTable(ROUTES);

/** Throws when a successful reply is not what the operation table and its models say. */
export function checkReply(method: string, path: string, status: number, body: unknown): void {
  const found = TABLE.find(method, path);
  const id = "route" in found ? found.route.id : undefined;
  if (id === undefined || status >= 300) return;
  const row = operationRow(id);
  if (status !== row.status) throw new Error(`${id} answered ${status}, the table says ${row.status}.`);
  const faults = row.reply === "archive" ? [] : checkResponse(id, body);
  if (faults.length > 0)
    throw new Error(`The reply of ${id} is wrong:\n${faults.map(formatFault).join("\n")}`);
}
