import { describe, expect, test } from "vitest";
import type { Fault } from "../../../model/fault.ts";
import type { ApigEventData, TimerEventData, TriggerSpec } from "../../../model/trigger.ts";
import { aliasFromWire, aliasReplyFromWire, aliasToBody, aliasToWire } from "../../../model/wire/alias.ts";
import { formatApiTime, parseApiTime } from "../../../model/wire/body.ts";
import {
  testEventContentFromWire,
  testEventFromWire,
  testEventToWire,
} from "../../../model/wire/test-event.ts";
import {
  triggerFromWire,
  triggerReplyFromWire,
  triggerToBody,
  triggerToWire,
  updateTriggerFromWire,
} from "../../../model/wire/trigger.ts";
import { maxInstancesFromWire, publishFromWire, publishToWire } from "../../../model/wire/version.ts";
import { short } from "../../support/faults.ts";

const AT = new Date("2026-11-21T18:03:24Z");
const KEY = { projectId: "p1", package: "default", name: "demo" };
const NODE = "Node.js20.15";

function properties(read: unknown): string[] {
  return short(read as Fault[]);
}

function sent(body: unknown): Record<string, unknown> {
  return JSON.parse(JSON.stringify(body)) as Record<string, unknown>;
}

describe("versions", () => {
  test("a version without a name is named after the time", () => {
    expect(publishFromWire({}, AT)).toEqual({ name: "v20261121-180324", description: "" });
    expect(publishFromWire(undefined, AT)).toMatchObject({ name: "v20261121-180324" });
  });

  test("a request goes both ways", () => {
    const request = { name: "v1", description: "first", digest: "ab" };
    expect(publishFromWire(sent(publishToWire(request)), AT)).toEqual(request);
    expect(publishToWire({})).toEqual({});
  });

  test("fails on the name latest and on a long description", () => {
    expect(properties(publishFromWire({ version: "latest", description: "x".repeat(513) }, AT))).toEqual([
      "description FSS.1019",
      "version FSS.1015",
    ]);
  });

  test("the number of instances is a whole number from -1 to 1000", () => {
    expect(maxInstancesFromWire({ max_instance_num: -1 })).toBe(-1);
    expect(properties(maxInstancesFromWire({ max_instance_num: 1001 }))).toEqual([
      "max_instance_num FSS.1026",
    ]);
    expect(properties(maxInstancesFromWire({}))).toEqual(["max_instance_num FSS.1026"]);
  });
});

describe("aliases", () => {
  const spec = { name: "prod", version: "v1", description: "d", additional: { version: "v2", weight: 10 } };

  test("go both ways", () => {
    expect(aliasFromWire(sent(aliasToBody(spec)))).toEqual(spec);
    const { name, ...body } = sent(aliasToBody(spec));
    expect(aliasFromWire(body, String(name))).toEqual(spec);
    const reply = sent(aliasToWire({ spec, modifiedAt: AT.getTime() }, KEY, "local"));
    expect(aliasReplyFromWire(reply)).toEqual({
      urn: "urn:fss:local:p1:function:default:demo:!prod",
      spec,
      modifiedAt: AT.getTime(),
    });
  });

  test("fails on two additional versions, on latest as one and on a weight of 101", () => {
    const body = { name: "prod", version: "v1", additional_version_weights: { latest: 101, v2: 1 } };
    expect(properties(aliasFromWire(body))).toEqual([
      "additional_version_weights FSS.1092",
      "additional_version_weights FSS.1091",
      "additional_version_weights FSS.1091",
    ]);
  });
});

describe("test events", () => {
  test("are read and shown", () => {
    expect(testEventFromWire({ name: "first", content: "e30=" })).toEqual({ name: "first", content: "e30=" });
    expect(testEventContentFromWire({ content: "e30=" })).toBe("e30=");
    expect(
      testEventToWire({ id: "1", name: "first", content: "e30=", modifiedAt: AT.getTime() }),
    ).toMatchObject({ last_modified: AT.getTime() / 1000 });
  });

  test("fail on a bad name and on content that is no JSON", () => {
    expect(properties(testEventFromWire({ name: "1", content: "eA==" }))).toEqual([
      "name FSS.1074",
      "content FSS.1074",
    ]);
    expect(properties(testEventContentFromWire({}))).toEqual(["content FSS.1074"]);
  });
});

describe("triggers", () => {
  const timer: TimerEventData = { name: "hourly", schedule_type: "Rate", schedule: "1h", user_event: "x" };
  const apig: ApigEventData = {
    name: "photo",
    type: 1,
    path: "/photo/{id}",
    protocol: "HTTP",
    req_method: "POST",
    group_id: "g",
    match_mode: "NORMAL",
    env_name: "RELEASE",
    env_id: "DEFAULT_ENVIRONMENT_RELEASE_ID",
    auth: "NONE",
    func_info: { timeout: 5000 },
  };
  const specs: TriggerSpec[] = [
    { type: "TIMER", status: "DISABLED", eventData: timer },
    { type: "APIG", status: "ACTIVE", eventData: apig },
  ];

  test.each(specs)("$type goes both ways", (spec) => {
    expect(triggerFromWire(sent(triggerToBody(spec)), NODE)).toEqual(spec);
    const view = { id: "t1", spec, createdAt: AT.getTime(), modifiedAt: AT.getTime() };
    expect(triggerReplyFromWire(sent(triggerToWire(view)))).toEqual({
      id: "t1",
      spec,
      createdAt: AT.getTime(),
      modifiedAt: AT.getTime(),
    });
  });

  test("fields that the platform does not know come back unchanged", () => {
    const body = {
      trigger_type_code: "TIMER",
      event_data: { name: "hourly", schedule_type: "Rate", schedule: "1h", extra: [1] },
    };
    expect(triggerFromWire(body, NODE)).toMatchObject({ status: "ACTIVE", eventData: { extra: [1] } });
  });

  test("a reply of a gateway trigger carries its address", () => {
    const view = { id: "t1", spec: specs[1] as TriggerSpec, createdAt: 0, modifiedAt: 0 };
    const body = triggerToWire(view, { invoke_url: "http://x/photo", api_id: "a", api_name: "photo" });
    expect(triggerReplyFromWire(sent(body))).toMatchObject({ url: "http://x/photo", spec: specs[1] });
    expect(triggerReplyFromWire(sent(body))).toHaveProperty("spec.eventData", apig);
  });

  test("fields of another type's event data do not confuse", () => {
    const body = { trigger_type_code: "APIG", event_data: { ...apig, schedule: "x" } };
    expect(triggerFromWire(body, NODE)).toMatchObject({ type: "APIG" });
  });

  test("the plugin's function_info stands in for func_info", () => {
    const { func_info: _, ...rest } = apig;
    const body = { trigger_type_code: "APIG", event_data: { ...rest, function_info: { timeout: 7000 } } };
    const read = triggerFromWire(body, NODE) as TriggerSpec;
    expect(read.eventData).toMatchObject({ func_info: { timeout: 7000 } });
    expect(read.eventData).not.toHaveProperty("function_info");
  });

  test.each([
    [{ trigger_type_code: "MAIL", event_data: {} }, ["trigger_type_code FSS.1101"]],
    [
      { trigger_type_code: "TIMER", event_data: { name: "a" } },
      ["event_data.schedule_type FSS.1109", "event_data.schedule FSS.1109"],
    ],
    [
      { trigger_type_code: "TIMER", event_data: { name: "a", schedule_type: "Rate", schedule: "61m" } },
      ["event_data.schedule FSS.1109"],
    ],
    [
      {
        trigger_type_code: "APIG",
        trigger_status: "OFF",
        event_data: { ...apig, path: "photo", auth: "?", func_info: { timeout: 0 } },
      },
      [
        "trigger_status FSS.0400",
        "event_data.path FSS.1107",
        "event_data.auth FSS.1107",
        "event_data.func_info.timeout FSS.1107",
      ],
    ],
  ])("fails on %j", (body, expected) => {
    expect(properties(triggerFromWire(body, NODE))).toEqual(expected);
  });

  test("an HTTP function takes no timer", () => {
    const body = triggerToBody(specs[0] as TriggerSpec);
    expect(properties(triggerFromWire(body, "http"))).toEqual(["trigger_type_code FSS.1101"]);
  });

  test("an update switches a timer on and changes its schedule; a list of stream settings is passed over", () => {
    const current = specs[0] as TriggerSpec;
    expect(updateTriggerFromWire({ trigger_status: "ACTIVE", event_data: [{}] }, current, NODE)).toEqual({
      ...current,
      status: "ACTIVE",
    });
    const read = updateTriggerFromWire({ event_data: { schedule: "2h" } }, current, NODE);
    expect(read).toEqual({ ...current, eventData: { ...timer, schedule: "2h" } });
  });

  test("a gateway trigger cannot be disabled", () => {
    const read = updateTriggerFromWire({ trigger_status: "DISABLED" }, specs[1] as TriggerSpec, NODE);
    expect(properties(read)).toEqual(["trigger_status FSS.1107"]);
  });
});

describe("times", () => {
  test("are written in one form and read in each that was seen", () => {
    expect(formatApiTime(AT.getTime() + 999)).toBe("2026-11-21T18:03:24Z");
    for (const text of ["2026-11-21T18:03:24Z", "2026-11-21 18:03:24", "2026-11-22T02:03:24+08:00"])
      expect(parseApiTime(text)).toBe(AT.getTime());
    expect(parseApiTime("soon")).toBe(0);
  });
});
