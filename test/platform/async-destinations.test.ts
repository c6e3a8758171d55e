import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fungraph } from "../cli/command.ts";
import { startEndpoint } from "../triggers/endpoint.ts";
import { dataFolder, until } from "./support.ts";

const WORK = `exports.handler = async (event, context) => { if (event.fail) throw new Error("on purpose"); return event.name; };`;
const MENDED = `exports.handler = async (event, context) => event.name;`;

test(
  "a topic's endpoint hears of success, a bucket keeps the failure, and what failed runs again once it is mended",
  { timeout: 90_000 },
  async () => {
    await using folder = await dataFolder();
    await using endpoint = await startEndpoint();
    const platform = await folder.start();
    const { client, facts } = platform;
    const urn = await platform.deploy("work", WORK);
    const topic = await client.topics.create("ended");
    await client.topics.subscribe("ended", endpoint.url);
    await client.asyncSettings.put(urn, {
      maxRetries: 0,
      maxAgeSeconds: 3600,
      statusLog: false,
      onSuccessTo: { topicUrn: topic.urn },
      onFailureTo: { bucket: "failures", prefix: "work" },
    });
    expect(await client.asyncSettings.get(urn)).toMatchObject({
      onFailureTo: { bucket: "failures", prefix: "work" },
    });
    const good = await client.invocations.invokeAsync("work", '{"name":"good"}');
    const bad = await client.invocations.invokeAsync("work", '{"name":"bad","fail":true}');
    await until(() => endpoint.heard.length === 1);
    expect(endpoint.heard[0]?.body).toMatchObject({ type: "Notification", topic_urn: topic.urn });
    const idOf = (at: number): unknown =>
      (
        JSON.parse(endpoint.heard[at]?.body["message"] ?? "{}") as {
          request_context?: { request_id?: string };
        }
      ).request_context?.request_id;
    expect(idOf(0)).toBe(good);
    const objects = join(folder.path, "buckets", facts.projectId, "failures", "work", "work");
    const day = String(await until(async () => (await readdir(objects).catch(() => []))[0]));
    const object = await until(() => readFile(join(objects, day, `${bad}.json`), "utf8").catch(() => ""));
    expect(JSON.parse(object)).toMatchObject({
      request_context: { request_id: bad, condition: "UnhandledInvocationError" },
      request_payload: '{"name":"bad","fail":true}',
    });

    const env = platform.environment;
    const list = await fungraph(["queue", "ls"], { env });
    expect(list.stdout).toContain(bad);
    expect(list.stdout).toContain("on purpose");
    const file = Buffer.from(MENDED);
    await client.functions.updateCode(urn, { type: "inline", file, filename: "index.js" });
    const redriven = await fungraph(["queue", "redrive", "work"], { env });
    expect([redriven.code, redriven.stderr]).toEqual([0, expect.stringContaining("One request runs again.")]);
    await until(() => endpoint.heard.length === 2);
    expect(idOf(1)).toBe(bad);
    expect((await client.deadRequests.list({}, 10)).count).toBe(0);
  },
);
