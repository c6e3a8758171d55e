import { expect, test } from "vitest";
import { fungraph, type Finished } from "../cli/command.ts";
import { dataFolder, type PlatformProcess } from "./support.ts";

const CODE = `exports.handler = async (event, context) => "hello, " + event.name;`;

test(
  "a function is tried with an event that was saved with it, also after a kill -9",
  { timeout: 120_000 },
  async () => {
    await using folder = await dataFolder();
    const first = await folder.start();
    const urn = await first.deploy("greets", CODE);
    const none = await invoke(first, "ada");
    expect([none.code, none.stderr]).toEqual([1, expect.stringContaining("declare one with fn.testEvent")]);
    const ada = Buffer.from('{"name":"Ada"}').toString("base64");
    await first.client.testEvents.create(urn, "ada", ada);
    await first.kill();

    const second = await folder.start();
    expect(await invoke(second, "ada")).toMatchObject({ code: 0, stdout: "hello, Ada\n" });
    const unknown = await invoke(second, "bob");
    expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining("Use one of ada.")]);
  },
);

function invoke({ environment: env }: PlatformProcess, testEvent: string): Promise<Finished> {
  return fungraph(["invoke", "greets", "--test-event", testEvent], { env });
}
