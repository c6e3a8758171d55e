import { expect, test } from "vitest";

import { AT_REST } from "../../platform/api/live.ts";
import type { DeadQuery } from "../../platform/store/dead-requests.ts";
import { bucketKey } from "../../platform/triggers/delivery-key.ts";
import { TestApi } from "./fixtures.ts";

const PATH = "/fungraph/v1/dead-requests";

/** A control plane whose project has a dead request of the function "demo" and one of a bucket. */
async function start(redriven: DeadQuery[] = []): Promise<TestApi> {
  const redrive = async (query: DeadQuery): Promise<number> => redriven.push(query);
  const api = await TestApi.start({ live: { ...AT_REST, redrive } });
  const { projectId } = api.credential;
  const event = Buffer.from("{}");
  const common = { qualifier: "latest", event, acceptedAt: 1000, dueAt: 1000, started: true };
  const key = { projectId, package: "default", name: "demo" };
  await api.store.asyncRequests.accept([
    { ...common, id: "r-1", key },
    { ...common, id: "r-2", key: bucketKey(projectId, "results") },
    { ...common, id: "r-3", key: { ...key, projectId: "another" } },
  ]);
  await api.store.asyncRequests.finish(
    ["r-1", "r-2", "r-3"].map((id) => ({ id, status: "failed", errorCode: 4002, errorMessage: "boom" })),
  );
  return api;
}

async function ids(api: TestApi, query = ""): Promise<unknown> {
  return (await api.send("GET", `${PATH}${query}`)).body["requests"]?.map((one) => one["request_id"]);
}

test("dead requests of the project are listed, by function, bucket and id", async () => {
  await using api = await start();
  expect(await ids(api)).toEqual(["r-2", "r-1"]);
  expect(await ids(api, "?target=demo")).toEqual(["r-1"]);
  expect(await ids(api, `?target=${encodeURIComponent(api.urn("demo"))}`)).toEqual(["r-1"]);
  expect(await ids(api, "?target=bucket%3Aresults")).toEqual(["r-2"]);
  expect(await ids(api, "?request_id=r-3")).toEqual([]);
  expect((await api.send("GET", `${PATH}?target=demo`)).body["requests"]).toEqual([
    {
      request_id: "r-1",
      target: "demo",
      qualifier: "latest",
      status: "FAIL",
      attempts: 1,
      event_bytes: 2,
      error_code: 4002,
      error_message: "boom",
      start_time: "1970-01-01T00:00:01Z",
      end_time: expect.stringMatching(/Z$/) as string,
    },
  ]);
  const other = await api.send("GET", `${PATH}?target=urn%3Afss%3Alocal%3Aother%3Afunction%3Adefault%3Ademo`);
  expect([other.status, other.body["error_msg"]]).toEqual([
    400,
    expect.stringContaining("no target of this project"),
  ]);
});

test("redrive and purge want to be told what is meant", async () => {
  const redriven: DeadQuery[] = [];
  await using api = await start(redriven);
  const { projectId } = api.credential;
  expect((await api.send("POST", `${PATH}/redrive`, {})).body["error_msg"]).toContain("Name what is meant");
  expect((await api.send("DELETE", PATH)).body["error_msg"]).toContain("Name what is meant");
  expect((await api.send("POST", `${PATH}/redrive`, { target: "demo" })).body).toEqual({ count: 1 });
  await api.send("POST", `${PATH}/redrive`, { target: "*" });
  await api.send("POST", `${PATH}/redrive`, { request_id: "r-1" });
  expect(redriven).toEqual([
    { projectId, key: { projectId, package: "default", name: "demo" }, id: undefined },
    { projectId, key: undefined, id: undefined },
    { projectId, key: undefined, id: "r-1" },
  ]);
  expect((await api.send("DELETE", `${PATH}?request_id=r-1`)).body).toEqual({ count: 1 });
  expect((await api.send("DELETE", `${PATH}?target=*`)).body).toEqual({ count: 1 });
  expect(
    (await api.store.asyncRequests.dead.list({ projectId: "another" }, { offset: 0, limit: 1 })).count,
  ).toBe(1);
});

test("who may only look cannot redrive, and who may run functions cannot purge", async () => {
  await using api = await start();
  const path = `/fungraph/v1/projects/${api.credential.projectId}/credentials`;
  const pairOf = async (role: string): Promise<{ accessKey: string; secretKey: string }> => {
    const { body } = await api.send("POST", path, { role });
    return { accessKey: body["access_key"] ?? "", secretKey: body["secret_key"] ?? "" };
  };
  const looker = await pairOf("FunctionGraph ReadOnlyAccess");
  const runner = await pairOf("FunctionGraph CommonOperations");
  expect((await api.send("GET", PATH, undefined, looker)).status).toBe(200);
  expect((await api.send("POST", `${PATH}/redrive`, { target: "*" }, looker)).status).toBe(403);
  expect((await api.send("POST", `${PATH}/redrive`, { target: "*" }, runner)).status).toBe(200);
  expect((await api.send("DELETE", `${PATH}?target=*`, undefined, runner)).status).toBe(403);
});
