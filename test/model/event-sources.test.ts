import { describe, expect, test } from "vitest";
import { ERROR_CATALOGUE } from "../../model/error-catalogue.ts";
import { checkSourceData, sourceFromWire, sourceToWire } from "../../model/event-source.ts";
import { EVENT_SOURCES, type SourceType } from "../../model/event-sources.ts";
import { overlaps } from "../../model/obs-events.ts";
import { canBeDisabled, TRIGGER_TYPES, type TriggerSpec } from "../../model/trigger.ts";
import { ENUMS } from "../../model/api/enums.ts";
import { triggerFromWire, triggerToWire, updateTriggerFromWire } from "../../model/wire/trigger.ts";
import { EVENT_DATA } from "../support/event-data.ts";
import { short } from "../support/faults.ts";

const NODE = "Node.js20.15";
const TYPES = Object.keys(EVENT_SOURCES) as SourceType[];

function specOf(type: SourceType): TriggerSpec {
  return { type, status: "ACTIVE", eventData: EVENT_DATA[type] };
}

function faultsOf(type: SourceType, change: object): string[] {
  return short(checkSourceData(EVENT_SOURCES[type], { ...EVENT_DATA[type], ...change }));
}

test("every type that the API names can be created", () => {
  expect([...TRIGGER_TYPES].sort()).toEqual([...ENUMS.TriggerTypeCode].sort());
});

test("only triggers of gateways and of OBS are there for good", () => {
  expect(TRIGGER_TYPES.filter((type) => !canBeDisabled(type))).toEqual([
    "APIG",
    "DEDICATEDGATEWAY",
    "APIC",
    "OBS",
  ]);
});

describe.each(TYPES)("%s", (type) => {
  const source = EVENT_SOURCES[type];
  const data = EVENT_DATA[type];

  test("the data of the tests has every setting", () => {
    expect(Object.keys(data).sort()).toEqual(source.fields.map(({ wire }) => wire).sort());
  });

  test("is accepted, and goes through a declaration and back", () => {
    expect(checkSourceData(source, data)).toEqual([]);
    expect(sourceToWire(source, sourceFromWire(source, data))).toEqual(data);
    expect(triggerFromWire({ trigger_type_code: type, event_data: data }, NODE)).toEqual(specOf(type));
  });

  test("misses all that it needs at once, with what to write", () => {
    const faults = checkSourceData(source, {});
    expect(faults.map(({ property }) => property)).toEqual(
      source.fields.filter((field) => "required" in field).map(({ wire }) => wire),
    );
    for (const { fix, code, rule } of faults) {
      expect(fix).toMatch(/^Write .+, for example\.$/);
      expect(rule).toContain("trigger needs it");
      expect(Object.keys(ERROR_CATALOGUE)).toContain(code);
    }
  });

  test("is refused with settings of other kinds, and shows no secret", () => {
    const wrong = Object.fromEntries(source.fields.map(({ wire }) => [wire, { secret: "s3cret" }]));
    const faults = checkSourceData(source, wrong);
    expect(faults.map(({ property }) => property)).toEqual(source.fields.map(({ wire }) => wire));
    const secret: string[] = source.fields.filter((field) => "secret" in field).map(({ wire }) => wire);
    for (const fault of faults) if (secret.includes(fault.property)) expect(fault.value).toBeUndefined();
  });

  test("is refused for an HTTP function", () => {
    const read = triggerFromWire({ trigger_type_code: type, event_data: data }, "http");
    expect(read).toMatchObject([{ property: "trigger_type_code", value: type, code: "FSS.1101" }]);
  });

  test("never shows a password, and keeps it when it comes back blank", () => {
    const view = { id: "t1", spec: specOf(type), createdAt: 0, modifiedAt: 0 };
    const shown = triggerToWire(view);
    expect(JSON.stringify(shown)).not.toContain("s3cret");
    const body = { trigger_status: "ACTIVE", event_data: shown["event_data"] };
    expect(updateTriggerFromWire(body, specOf(type), NODE)).toEqual(specOf(type));
  });
});

test.each<[SourceType, object, string[]]>([
  ["KAFKA", { batch_size: 0 }, ["batch_size FSS.1112"]],
  ["KAFKA", { batch_size: 1001 }, ["batch_size FSS.1112"]],
  ["KAFKA", { batch_size: 1.5 }, ["batch_size FSS.1112"]],
  ["KAFKA", { topic_ids: ["a", "a"] }, ["topic_ids FSS.1112"]],
  ["KAFKA", { topic_ids: ["a", 1] }, ["topic_ids FSS.1112"]],
  ["KAFKA", { kafka_password: "" }, ["kafka_password FSS.1113"]],
  ["KAFKA", { kafka_user: undefined }, ["kafka_user FSS.1113"]],
  ["KAFKA", { kafka_user: "", kafka_password: "" }, []],
  ["KAFKA", { kafka_connect_address: "http://broker" }, ["kafka_connect_address FSS.1112"]],
  ["OPENSOURCEKAFKA", { kafka_connect_address: "" }, ["kafka_connect_address FSS.1112"]],
  ["OBS", { bucket: "My_Photos" }, ["bucket FSS.1106"]],
  ["OBS", { events: ["s3:ObjectMoved"] }, ["events FSS.1106"]],
  ["OBS", { events: ["s3:ObjectCreated:*", "s3:ObjectCreated:Put"] }, ["events FSS.1106"]],
  ["OBS", { events: ["s3:ObjectCreated:*", "s3:ObjectRemoved:Delete"] }, []],
  ["SMN", { topic_urn: "orders" }, ["topic_urn FSS.1102"]],
  [
    "DIS",
    { sharditerator_type: "FIRST", polling_unit: "h" },
    ["sharditerator_type FSS.1104", "polling_unit FSS.1104"],
  ],
  ["DIS", { is_serial: "yes" }, ["is_serial FSS.1104"]],
  ["DDS", { db_password: "", batch_size: 10_001 }, ["db_password FSS.1164", "batch_size FSS.1164"]],
  ["CTS", { operations: ["ECS"] }, ["operations FSS.1305"]],
  ["ROCKETMQ", { access_password: "" }, ["access_password FSS.0400"]],
  ["LTS", { log_group_id: "x".repeat(1025) }, ["log_group_id FSS.1110"]],
])("fails %s with %j", (type, change, expected) => {
  expect(faultsOf(type, change)).toEqual(expected);
});

test("a stream's settings change by the list that clients send; what is none of them stays", () => {
  const settings = [{ is_serial: true, polling_interval: 2, polling_unit: "s", stream_name: "other" }];
  expect(updateTriggerFromWire({ event_data: settings }, specOf("DIS"), NODE)).toEqual({
    ...specOf("DIS"),
    eventData: { ...EVENT_DATA.DIS, is_serial: "true", polling_interval: 2, polling_unit: "s" },
  });
  expect(updateTriggerFromWire({ event_data: settings }, specOf("KAFKA"), NODE)).toEqual(specOf("KAFKA"));
});

test("an OBS trigger cannot be disabled, another source's can", () => {
  const body = { trigger_status: "DISABLED" };
  expect(updateTriggerFromWire(body, specOf("OBS"), NODE)).toMatchObject([{ code: "FSS.1106" }]);
  expect(updateTriggerFromWire(body, specOf("SMN"), NODE)).toEqual({ ...specOf("SMN"), status: "DISABLED" });
});

const PUT = { bucket: "photos", events: ["s3:ObjectCreated:Put"] };

test.each([
  [{}, true],
  [{ events: ["s3:ObjectCreated:*"] }, true],
  [{ events: ["s3:ObjectRemoved:*"] }, false],
  [{ bucket: "other" }, false],
  [{ prefix: "in/" }, true],
  [{ suffix: ".jpg" }, true],
])("an event of a bucket has one trigger: %j overlaps %s", (change, expected) => {
  expect(overlaps(PUT, { ...PUT, ...change })).toBe(expected);
  expect(overlaps({ ...PUT, ...change }, PUT)).toBe(expected);
});

test("prefixes and suffixes part the objects of a bucket", () => {
  expect(overlaps({ ...PUT, prefix: "in/" }, { ...PUT, prefix: "out/" })).toBe(false);
  expect(overlaps({ ...PUT, prefix: "in/" }, { ...PUT, prefix: "in/a" })).toBe(true);
  expect(overlaps({ ...PUT, suffix: ".jpg" }, { ...PUT, suffix: ".png" })).toBe(false);
});
