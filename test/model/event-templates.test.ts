import { describe, expect, test } from "vitest";
import { EVENT_TEMPLATES } from "../../model/event-templates.ts";
import { checkTestEvent } from "../../model/test-event.ts";
import { TRIGGER_TYPES } from "../../model/trigger.ts";
import { renderApigEvent } from "../../platform/gateway/apig-event.ts";
import { publicationOf } from "../../platform/triggers/publication.ts";
import { timerEvent } from "../../platform/triggers/timer-event.ts";

const FUNCTION_URN = "urn:fss:local:p:function:default:demo:latest";

/** The names of all members, with kinds in the place of values. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value !== "object" || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, shapeOf(one)]));
}

test("every type of trigger has a sample event", () => {
  expect(Object.keys(EVENT_TEMPLATES).sort()).toEqual([...TRIGGER_TYPES].sort());
});

test.each(Object.entries(EVENT_TEMPLATES))("%s: it can be saved as a test event", (_type, event) => {
  const content = Buffer.from(JSON.stringify(event)).toString("base64");
  expect(checkTestEvent({ name: "sample", content })).toEqual([]);
  expect(Object.keys(event).length).toBeGreaterThan(0);
});

describe("what the platform sends has the members of its sample:", () => {
  test("a timer", () => {
    const data = { name: "tick", schedule_type: "Rate", schedule: "3m" } as const;
    const sent: unknown = JSON.parse(timerEvent(data, 0, "UTC").toString());
    expect(shapeOf(sent)).toEqual(shapeOf(EVENT_TEMPLATES.TIMER));
  });

  test("a topic", () => {
    const topics = {
      subscriptions: () => [{ id: "1", protocol: "function", endpoint: FUNCTION_URN } as const],
    };
    const message = { projectId: "p", topic: "orders", subject: "", text: "hello" };
    const [request] = publicationOf(message, "m-1", { region: "local", topics });
    const sent: unknown = JSON.parse(request?.event.toString() ?? "");
    expect(shapeOf(sent)).toEqual(shapeOf(EVENT_TEMPLATES.SMN));
  });

  test("a gateway", () => {
    const exchange = { method: "POST", eventHeaders: () => '"host":"shop.example.com"' };
    const route = { apiIdJson: '"a"', stageJson: '"RELEASE"', hasParameters: false };
    const facts = { requestId: "r", route, path: "/orders", query: "page=2" };
    const sent: unknown = JSON.parse(
      renderApigEvent(exchange as never, Buffer.from("{}"), facts as never).toString(),
    );
    const { headers: _, ...shape } = shapeOf(EVENT_TEMPLATES.APIG) as Record<string, unknown>;
    expect(shapeOf(sent)).toMatchObject(shape);
  });
});
