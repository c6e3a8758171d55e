import type { Client } from "../../client/client.ts";
import { UserError } from "../exit.ts";

/**
 * The text of an event that was saved with a function (guide 3.4). Throws UserError when there is none of that name.
 * @param name what the event is called
 */
export async function savedEvent(client: Client, functionName: string, name: string): Promise<string> {
  const saved = await client.testEvents.list(functionName);
  const found = saved.find((each) => each.name === name);
  if (found === undefined) {
    const names = saved.map((each) => each.name).join(", ");
    throw new UserError(
      `${functionName} has no test event ${JSON.stringify(name)}. ${names === "" ? "It has none: declare one with fn.testEvent." : `Use one of ${names}.`}`,
    );
  }
  const { content } = await client.testEvents.get(functionName, found.id);
  return Buffer.from(content, "base64").toString();
}
