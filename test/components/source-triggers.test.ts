import * as pulumi from "@pulumi/pulumi";
import { afterEach, describe, expect, test, vi } from "vitest";
import type * as Fungraph from "../../components/index.ts";
import { sourceFromWire, type SourceField } from "../../model/event-source.ts";
import { EVENT_SOURCES, type SourceType } from "../../model/event-sources.ts";
import { EVENT_DATA } from "../support/event-data.ts";
import { Recorder } from "./recorder.ts";

const recorder = await Recorder.start(true);
const fg: typeof Fungraph = await import("../../components/index.ts");
const warn = vi.spyOn(pulumi.log, "warn").mockResolvedValue();
afterEach(() => warn.mockClear());

const functionUrn = "urn:fss:region:project:function:default:hello:latest";
type Make = new (name: string, args: object) => pulumi.CustomResource;

function make(type: SourceType, args: object, name = "source"): pulumi.CustomResource {
  const components = fg as unknown as Record<string, Make | undefined>;
  const Trigger = components[EVENT_SOURCES[type].component];
  if (Trigger === undefined) throw new Error(`no ${EVENT_SOURCES[type].component}`);
  return new Trigger(name, { functionUrn, ...args });
}

async function refusal(type: SourceType, args: object): Promise<string> {
  let message = "";
  const recorded = await recorder.record(() => {
    try {
      make(type, args);
    } catch (error) {
      message = (error as Error).message;
    }
  });
  expect(recorded).toEqual([]);
  return message;
}

describe.each(Object.keys(EVENT_SOURCES) as SourceType[])("%s", (type) => {
  const source = EVENT_SOURCES[type];
  const fields: readonly SourceField[] = source.fields;
  const { name, ...settings } = sourceFromWire(source, EVENT_DATA[type]);
  const named = fields.some((field) => field.name === "name");
  const expected = Object.fromEntries(
    fields
      .filter((field) => field.name !== "name")
      .map((field) => [field.name, field.secret ? { secret: settings[field.name] } : settings[field.name]]),
  );

  test("with everything set, each setting known or not yet", async () => {
    const later = Object.fromEntries(
      Object.entries(settings).map(([key, value]) => [
        key,
        Array.isArray(value) ? value.map((item) => pulumi.output(item)) : pulumi.output(value),
      ]),
    );
    const title = named ? { triggerName: name } : {};
    for (const given of [settings, later]) {
      const [recorded] = await recorder.record(() => void make(type, { ...given, ...title, enabled: false }));
      expect(recorded?.type).toBe(`fungraph:index:${source.component}`);
      expect(recorded?.inputs).toEqual({
        functionUrn,
        ...expected,
        ...(named && { name }),
        ...(source.canBeDisabled && { enabled: false }),
      });
    }
  });

  test("with what it needs alone: defaults are filled in, its name is the resource's", async () => {
    const needed = fields.filter((field) => field.required && field.default === undefined);
    const given = needed.flatMap(({ name: key }) => (key === "name" ? [] : [[key, settings[key]]]));
    const [recorded] = await recorder.record(() => void make(type, Object.fromEntries(given), "uploads"));
    const inputs = recorded?.inputs ?? {};
    if (named) expect(inputs["name"]).toBe("uploads");
    for (const field of fields)
      if (field.default !== undefined) expect(inputs[field.name]).toBe(field.default);
    expect(inputs["enabled"]).toBe(source.canBeDisabled ? true : undefined);
  });

  test("fails with all that it misses at once", async () => {
    const message = await refusal(type, {});
    expect(message).toContain(`${source.component} "source" has invalid arguments:`);
    for (const field of fields)
      if (field.required && field.default === undefined && field.name !== "name")
        expect(message).toContain(`- ${field.name}: ${source.noun} trigger needs it. Write `);
  });
});

test("a password is never shown in a refusal", async () => {
  const args = { instanceId: "k", topics: [], password: "s3cret" };
  const message = await refusal("KAFKA", args);
  expect(message).toContain("topics");
  expect(message).not.toContain("s3cret");
  expect(await refusal("KAFKA", { ...args, topics: ["a"] })).toContain(
    "user: user and password go together, and only the password is given. Give both, or neither. (FSS.1113)",
  );
});

test("a wrong name is told as triggerName", async () => {
  const operations = ["ECS:server:createServer"];
  expect(await refusal("CTS", { operations, triggerName: "x".repeat(2000) })).toContain("triggerName");
});

test("a source that this platform does not have is told once, however many triggers it has", async () => {
  vi.resetModules();
  const fresh = await import("../../components/index.ts");
  await recorder.record(() => {
    for (const name of ["one", "two"])
      void new fresh.DmsTrigger(name, { functionUrn, queueId: name, consumerGroupId: "c" });
    void new fresh.DisTrigger("three", { functionUrn, stream: "s" });
    // Topics are the platform's own.
    void new fresh.SmnTrigger("four", { functionUrn, topicUrn: "urn:smn:region:project:four" });
  });
  const told = warn.mock.calls.map(([text]) => text);
  expect(told).toEqual([
    expect.stringMatching(/^DMS triggers are kept and listed by the platform, but .* no such event source/),
    expect.stringMatching(/^DIS triggers /),
  ]);
});
