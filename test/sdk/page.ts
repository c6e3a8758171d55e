import type { Access } from "../../model/api/access.ts";
import type { OperationRow } from "../../model/api/operation-row.ts";
import { FAMILIES } from "../../model/api/operations.ts";

const NEEDS: Readonly<Record<Access, string>> = {
  open: "everybody",
  read: "ReadOnlyAccess",
  invoke: "CommonOperations",
  manage: "FullAccess",
};

/** The page of all operations, with what the official client has shown of each. */
export function renderOperations(effects: ReadonlyMap<string, string>): string {
  const families = Object.entries(FAMILIES).map(([name, table]) => {
    const rows = Object.entries(table).map(([id, row]) => rowOf(id, row, effects.get(id)));
    return `## ${name}\n\n| Operation | Call | Role | What it does here | Shown by the official client |\n| --- | --- | --- | --- | --- |\n${rows.join("\n")}\n`;
  });
  return `${HEAD}\n${families.join("\n")}`;
}

function rowOf(id: string, row: OperationRow, effect: string | undefined): string {
  const here = [row.summary, row.offCloud].filter((text) => text !== undefined).join(" ");
  const shown = effect ?? (row.extra === undefined ? "" : "beyond the client");
  const path = row.path.replace("/v2/{project_id}", "…");
  return `| ${id} | \`${row.method} ${path}\` | ${NEEDS[row.access]} | ${here} | ${shown} |`;
}

const HEAD = `# Operations of the control plane

The platform answers the FunctionGraph v2 REST API; every client works when its endpoint is changed. The last column is what
the official Node.js client was seen to bring about, call by call, on one running platform. \`…\` stands for
\`/v2/{project_id}\`. The role is the smallest of the three system roles that may call. Requests and replies field by field
are in [openapi.json](openapi.json), codes of refusals in [errors.md](errors.md).

Made by the test \`test/api/sdk.test.ts\` (\`npm test -- test/api/sdk.test.ts -u\`) from \`model/api/operations/\` and from what
it has seen; change it there.
`;
