import { Client } from "../../client/client.ts";
import { warn } from "../terminal/screen.ts";
import { type ConnectionOptions, findTarget } from "./connect.ts";

/** Does work with a client of the platform that the options mean, and closes it. */
export async function withClient(
  options: ConnectionOptions,
  work: (client: Client) => Promise<void>,
): Promise<void> {
  const client = new Client({ ...findTarget(options), warned: warn });
  try {
    await work(client);
  } finally {
    client.close();
  }
}
