import { expect, test } from "vitest";
import { checkApig, checkTimer, checkTrigger } from "../../model/trigger.ts";
import { short } from "../support/faults.ts";

const timer = { name: "hourly", schedule_type: "Rate", schedule: "1h" } as const;
const apig = {
  path: "/photo",
  protocol: "HTTPS",
  req_method: "POST",
  group_id: "DEFAULT",
  match_mode: "SWA",
  env_name: "RELEASE",
  env_id: "DEFAULT_ENVIRONMENT_RELEASE_ID",
  auth: "NONE",
  func_info: { timeout: 5000 },
} as const;

test("a timer needs a name and a schedule", () => {
  expect(checkTimer(timer)).toEqual([]);
  expect(short(checkTimer({ ...timer, name: "1", schedule: "1y" }))).toEqual([
    "name FSS.1109",
    "schedule FSS.1109",
  ]);
  expect(short(checkTimer({ ...timer, schedule_type: "rate" as "Rate" }))).toEqual([
    "schedule_type FSS.1109",
  ]);
});

test.each(["/", "/a", "/a/", "/a/{id}/b", "/a.b~c-d", "/%E4%B8%AD"])("%s is a path", (path) => {
  expect(checkApig({ ...apig, path })).toEqual([]);
});

test.each(["", "a", "//", "/a b", "/a?b=1", "/a#b", "/{id", "/中", `/${"x".repeat(512)}`])(
  "%s is none",
  (path) => {
    expect(short(checkApig({ ...apig, path }))).toEqual(["path FSS.1107"]);
  },
);

test("an HTTP trigger tells every fault at once", () => {
  const wrong = {
    ...apig,
    name: "1",
    protocol: "FTP" as "HTTP",
    req_method: "get" as "GET",
    match_mode: "x" as "SWA",
    auth: "Iam" as "IAM",
    func_info: { timeout: 600_001 },
  };
  expect(short(checkApig(wrong))).toEqual([
    "name FSS.1107",
    "protocol FSS.1107",
    "req_method FSS.1107",
    "match_mode FSS.1107",
    "auth FSS.1107",
    "func_info.timeout FSS.1107",
  ]);
});

test("an HTTP function takes HTTP triggers alone", () => {
  const spec = { type: "TIMER", status: "ACTIVE", eventData: timer } as const;
  expect(checkTrigger(spec, "Python3.10")).toEqual([]);
  expect(short(checkTrigger(spec, "http"))).toEqual(["type FSS.1101"]);
  expect(checkTrigger({ type: "APIG", status: "ACTIVE", eventData: apig }, "http")).toEqual([]);
});
