import { expect, test } from "vitest";
import { fungraph } from "../cli/command.ts";
import { dataFolder, until } from "./support.ts";

const CODE = `exports.handler = async (event, context) => { console.log("heard " + event.record[0].smn.message); };`;
const MESSAGES = 40;

test(
  "an SMN trigger calls its function for each message, also after a kill -9 right after the last was published",
  { timeout: 90_000 },
  async () => {
    await using folder = await dataFolder();
    const first = await folder.start();
    const { client, facts } = first;
    const urn = await first.deploy("listens", CODE);
    const topic = await client.topics.create("news");
    await client.triggers.create(urn, {
      type: "SMN",
      status: "ACTIVE",
      eventData: { topic_urn: topic.urn },
    });
    const said = Array.from({ length: MESSAGES }, (_, at) => `m${String(at)}.`);
    await Promise.all(said.map((text) => client.topics.publish(topic.urn, text)));
    await first.kill();

    const second = await folder.start({
      port: Number(new URL(facts.endpoint).port),
    });
    const env = second.environment;
    const told = await fungraph(["topics", "publish", "news", "by hand."], { env });
    expect([told.code, told.stdout]).toEqual([0, expect.stringMatching(/^[0-9a-f-]{36}\n$/)]);
    const missing = await fungraph(["topics", "publish", "olds", "by hand."], { env });
    expect([missing.code, missing.stderr]).toEqual([1, expect.stringContaining("topics create olds")]);
    // Lines of calls that ran right before the kill may be missing; the calls themselves are counted.
    await until(async () => {
      const { asyncSuccess, asyncFailed } = await second.get<Record<string, number>>("health");
      return asyncSuccess === MESSAGES + 1 && asyncFailed === 0;
    });
    await until(async () => {
      const { entries } = await second.logs("listens", { keyword: "heard", limit: 1000 });
      return entries.some(({ lines }) => lines.includes("heard by hand."));
    });
  },
);
