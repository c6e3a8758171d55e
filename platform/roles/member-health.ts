import type { ServerResponse } from "node:http";
import type { ClusterGround } from "./cluster-ground.ts";
import type { ClusterConfig } from "./config.ts";

/** Where each process of several tells how itself is, to everybody; `/fungraph/v1/health` tells of the whole. */
export const MEMBER_PATH = "/fungraph/v1/member";

/** Answers 200 while the process can do its part, 503 while it cannot. @param able it has what its role needs */
export function answerHealth(
  { members, store }: ClusterGround,
  role: ClusterConfig["role"],
  able: boolean,
  response: ServerResponse,
): void {
  const well = members.joined && able;
  const body = { role, id: members.id, status: well ? "ok" : "degraded", leads: store.leads };
  response
    .writeHead(well ? 200 : 503, { "Content-Type": "application/json" })
    .end(
      JSON.stringify({ ...body, members: members.list().map(({ id, role: its }) => ({ id, role: its })) }),
    );
}
