import { OPERATION_IDS, operationRow, type OperationId } from "../../model/api/operations.ts";
import { checkResponse } from "../../model/api/validate.ts";
import { formatFault } from "../../model/fault.ts";

const ROWS = OPERATION_IDS.map((id) => {
  const row = operationRow(id);
  const segments = row.path.split("/");
  return { id, row, segments, parameters: segments.filter((one) => one.startsWith("{")).length };
});

/** Throws when a successful reply is not what the operation table and its models say. */
export function checkReply(method: string, path: string, status: number, body: unknown): void {
  const id = operationOf(method, path);
  if (id === undefined || status >= 300) return;
  const row = operationRow(id);
  if (status !== row.status) throw new Error(`${id} answered ${status}, the table says ${row.status}.`);
  const faults = row.reply === "archive" ? [] : checkResponse(id, body);
  if (faults.length > 0)
    throw new Error(`The reply of ${id} is wrong:\n${faults.map(formatFault).join("\n")}`);
}

/** A row whose fixed parts fit, those with fewer parameters first. */
function operationOf(method: string, path: string): OperationId | undefined {
  const given = path.replace(/(.)\/$/, "$1").split("/");
  const fitting = ROWS.filter(
    ({ row, segments }) =>
      row.method === method &&
      segments.length === given.length &&
      segments.every((one, index) => (one.startsWith("{") ? given[index] !== "" : one === given[index])),
  );
  return fitting.toSorted((a, b) => a.parameters - b.parameters)[0]?.id;
}
