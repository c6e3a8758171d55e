import { afterAll } from "vitest";
import { Postgres } from "../../platform/cluster/connection.ts";
import { Members } from "../../platform/cluster/members.ts";
import { PostgresRequests, type PostgresRequestOptions } from "../../platform/store/postgres/requests.ts";
import { TemporaryPostgres } from "./postgres.ts";

/** A process's way to the requests of a database. */
export interface OpenRequests {
  readonly requests: PostgresRequests;
  readonly members: Members;
  readonly postgres: Postgres;
  /** Leaves as a process does that ends well. */
  readonly close: () => Promise<void>;
}

let server: Promise<TemporaryPostgres> | undefined;

/** The server of this file of tests; it ends with the file. */
export function ownServer(): Promise<TemporaryPostgres> {
  server ??= TemporaryPostgres.start();
  return server;
}

afterAll(async () => {
  await (await server)?.[Symbol.asyncDispose]();
});

/** Joins the requests of a database as one more process would. */
export async function openRequests(
  url: string,
  more: Pick<PostgresRequestOptions, "term"> = {},
): Promise<OpenRequests> {
  const postgres = await Postgres.open({ url, problem: () => undefined });
  const members = new Members(postgres, { role: "gateway", addresses: {} });
  const requests = new PostgresRequests({ postgres, members, ...more });
  await postgres.start();
  return {
    requests,
    members,
    postgres,
    async close() {
      requests.close();
      await members.leave();
      await postgres.close();
    },
  };
}
