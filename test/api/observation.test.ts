import * as sdk from "@huaweicloud/huaweicloud-sdk-functiongraph";
import { expect, test } from "vitest";

import { ENUMS } from "../../model/api/enums.ts";
import { checkResponse } from "../../model/api/validate.ts";
import type { OperationId } from "../../model/api/operations.ts";
import type { MetricRow } from "../../platform/store/metrics.ts";
import { officialClient } from "../support/sdk.ts";
import { TestApi } from "./fixtures.ts";

/** The client of the cloud, pointed at the test's control plane. */
function clientOf(api: TestApi): sdk.FunctionGraphClient {
  return officialClient({ endpoint: api.url, ...api.credential });
}

/** Any JSON, with every field that a test may ask for. */
type Json = { [key: string]: Json } & Json[] & string;

/** What the client answered, as it came and by the interface's model. */
async function reply(operation: OperationId, answer: Promise<unknown>): Promise<Json> {
  const body = JSON.parse(JSON.stringify((await answer) ?? {})) as Record<string, Json>;
  const { httpStatusCode, ...rest } = body;
  expect(httpStatusCode ?? 200).toBe(200);
  expect(checkResponse(operation, rest)).toEqual([]);
  return rest as unknown as Json;
}

/** Code and words of a refusal. */
async function refusal(answer: Promise<unknown>): Promise<[unknown, unknown]> {
  try {
    await answer;
  } catch (error) {
    const { errorCode, errorMsg } = error as { errorCode: unknown; errorMsg: unknown };
    return [errorCode, errorMsg];
  }
  throw new Error("it was not refused");
}

/** The newest value of each series. */
function lastOf(series: Json | undefined): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(series ?? {}).map(([name, points]) => [name, points.at(-1)?.["value"]]),
  );
}

/** A destination as a configuration has it. */
function to(destination: string, param: object): object {
  return { destination, param: JSON.stringify(param) };
}

function metric(api: TestApi, more: Partial<MetricRow>): MetricRow {
  return {
    functionKey: `${api.credential.projectId}/default/demo`,
    version: "latest",
    minute: Math.floor(Date.now() / 60_000),
    count: 0,
    failCount: 0,
    systemFailCount: 0,
    rejectCount: 0,
    durationSum: 0,
    durationMax: 0,
    durationMin: 0,
    concurrencyMax: 0,
    reservedInstances: 0,
    onDemandInstances: 0,
    gbSeconds: 0,
    ...more,
  };
}

test("reserved instances are set, listed by version and alias, and ended", async () => {
  await using api = await TestApi.start();
  await api.create("demo");
  const client = clientOf(api);
  const urn = api.urn("demo", "latest");
  const put = (body: sdk.UpdateFunctionReservedInstancesCountRequestBody, of = urn): Promise<unknown> =>
    client.updateFunctionReservedInstancesCount(
      new sdk.UpdateFunctionReservedInstancesCountRequest(of).withBody(body),
    );
  const cron = {
    name: "day",
    cron: "0 0 9 * * ?",
    count: 7,
    start_time: 1658073600,
    expired_time: 4102444800,
  };
  const body = { count: 3, idle_mode: true, tactics_config: { cron_configs: [cron] } };
  expect(await reply("UpdateFunctionReservedInstancesCount", put(body as never))).toEqual(body);
  const configs = client.listReservedInstanceConfigs(new sdk.ListReservedInstanceConfigsRequest());
  expect(await reply("ListReservedInstanceConfigs", configs)).toEqual({
    reserved_instances: [
      {
        function_urn: urn,
        qualifier_type: "version",
        qualifier_name: "latest",
        min_count: 3,
        idle_mode: true,
        tactics_config: { cron_configs: [cron] },
      },
    ],
    page_info: { next_marker: 1, previous_marker: 0, current_count: 1 },
    count: 1,
  });
  const counts = (): Promise<unknown> =>
    client.listFunctionReservedInstances(new sdk.ListFunctionReservedInstancesRequest().withUrn(urn));
  expect(await reply("ListFunctionReservedInstances", counts())).toMatchObject({
    reservedinstances: [{ func_urn: urn, count: 3 }],
    count: 1,
  });
  await put({ count: 0 } as never);
  expect(await reply("ListFunctionReservedInstances", counts())).toMatchObject({
    reservedinstances: [],
    count: 0,
  });
});

test("reserved instances fail beyond the project's share, on an alias and its version, and with every fault at once", async () => {
  await using api = await TestApi.start();
  await api.create("demo");
  await api.create("other");
  const put = async (urn: string, body: unknown): Promise<[unknown, unknown]> => {
    const answer = await api.call("PUT", `/functions/${urn}/reservedinstances`, body);
    return [answer.body["error_code"], answer.body["error_msg"]];
  };
  expect(await put(api.urn("demo"), { count: 80 })).toEqual([undefined, undefined]);
  expect(await put(api.urn("other"), { count: 11 })).toEqual([
    "FSS.1076",
    expect.stringContaining("Use 10 or less"),
  ]);
  const day = {
    name: "day",
    cron: "0 0 9 * * ?",
    count: 11,
    start_time: 1658073600,
    expired_time: 4102444800,
  };
  // What a policy may come to counts as if it held now.
  expect(await put(api.urn("other"), { count: 1, tactics_config: { cron_configs: [day] } })).toEqual([
    "FSS.1076",
    expect.stringContaining("Use 10 or less"),
  ]);
  expect(await put(api.urn("other"), { count: 10 })).toEqual([undefined, undefined]);
  await api.call("POST", `/functions/${api.urn("demo")}/aliases`, { name: "prod", version: "latest" });
  expect(await put(api.urn("demo", "!prod"), { count: 1 })).toEqual([
    "FSS.0409",
    expect.stringContaining("reserved instances already"),
  ]);
  await api.call("POST", `/functions/${api.urn("demo")}/versions`, { version: "v1" });
  await api.call("POST", `/functions/${api.urn("demo")}/aliases`, { name: "test", version: "v1" });
  expect(await put(api.urn("other"), { count: 0 })).toEqual([undefined, undefined]);
  expect(await put(api.urn("demo", "!test"), { count: 1 })).toEqual([undefined, undefined]);
  const moved = await api.call("PUT", `/functions/${api.urn("demo")}/aliases/test`, { version: "latest" });
  expect([moved.status, moved.body["error_code"]]).toEqual([409, "FSS.0409"]);
  const policy = { name: "1", cron: "every day", count: 1, start_time: 2, expired_time: 1 };
  const [code, words] = await put(api.urn("demo"), {
    count: 2000,
    tactics_config: { cron_configs: [policy], metric_configs: [{ name: "m" }] },
  });
  expect(code).toBe("FSS.1076");
  for (const part of [
    "count: 2000",
    "cron_configs[0].cron",
    "cron_configs[0].expired_time",
    "metric_configs",
  ])
    expect(words).toContain(part);
});

test("reserved instances fail beyond the most that their function may have", async () => {
  await using api = await TestApi.start();
  await api.create("demo");
  const path = `/functions/${api.urn("demo")}`;
  expect((await api.call("PUT", `${path}/config-max-instance`, { max_instance_num: 2 })).status).toBe(200);
  const answer = await api.call("PUT", `${path}/reservedinstances`, { count: 3 });
  expect([answer.status, answer.body["error_code"]]).toEqual([400, "FSS.1076"]);
  expect((await api.call("PUT", `${path}/reservedinstances`, { count: 2 })).status).toBe(200);
});

test("quotas say what is allowed and what is used", async () => {
  await using api = await TestApi.start();
  await api.create("demo");
  const quotas = clientOf(api).listQuotas(new sdk.ListQuotasRequest());
  const body = await reply("ListQuotas", quotas);
  expect(body["quotas"]?.["resources"]).toContainEqual({ type: "fgs_func_num", quota: 400, used: 1 });
  expect(body["quotas"]?.["resources"]).toContainEqual({
    type: "fgs_func_code_size",
    quota: 10240,
    used: 1,
    unit: "MB",
  });
  expect(body["quotas"]?.["resources"]).toContainEqual({ type: "fgs_func_occurs", quota: 90, used: 0 });
  expect(body["quotas"]?.["resources"]).toContainEqual({
    type: "fgs_func_scale_down_timeout",
    quota: 60,
    used: 0,
  });
  const { resources } = body["quotas"] as unknown as { resources: { type: string }[] };
  expect(resources.map(({ type }) => type).sort()).toEqual([...ENUMS.QuotaType].sort());
});

test("statistics come by minute, month and function, with -1 where nothing was measured", async () => {
  await using api = await TestApi.start();
  await api.create("demo");
  const client = clientOf(api);
  const urn = api.urn("demo", "latest");
  api.store.metrics.add([
    metric(api, {
      count: 4,
      failCount: 3,
      systemFailCount: 1,
      rejectCount: 2,
      durationSum: 100,
      durationMax: 70,
      durationMin: 5,
      concurrencyMax: 3,
      reservedInstances: 2,
      onDemandInstances: 1,
      gbSeconds: 1.5,
    }),
    metric(api, { version: "v1", count: 1, durationSum: 30, durationMax: 30, durationMin: 30 }),
    metric(api, { functionKey: `${api.credential.projectId}/default/gone`, count: 1 }),
    metric(api, { functionKey: "another/default/demo", count: 1000 }),
  ]);
  const sla = client.showFunctionMetrics(new sdk.ShowFunctionMetricsRequest(urn, "10"));
  const metrics = await reply("ShowFunctionMetrics", sla);
  expect(lastOf(metrics)).toEqual({
    count: 6,
    fail_count: 3,
    function_error_count: 2,
    system_error_count: 1,
    reject_count: 2,
    duration: 25,
    max_duration: 70,
    min_duration: 5,
    concurrency_num: 3,
    reserved_instance_num: 2,
    instance_num: 1,
  });
  expect(Object(metrics["count"])).toHaveLength(10);
  expect(metrics["count"]?.[0]).toEqual({ timestamp: expect.any(Number), value: -1 });
  const statistics = client.listFunctionStatistics(
    new sdk.ListFunctionStatisticsRequest(api.urn("demo"), "1440"),
  );
  const day = await reply("ListFunctionStatistics", statistics);
  expect(lastOf(day)).toMatchObject({ count: 7, min_duration: 5, duration: 26 });
  expect(Object(day["count"])).toHaveLength(48);
  const all = client.listStatistics(new sdk.ListStatisticsRequest("monitor_data").withPeriod("5"));
  expect(lastOf((await reply("ListStatistics", all))["statistics"])).toMatchObject({ count: 8 });
  const monthly = client.listStatistics(new sdk.ListStatisticsRequest("monthly_report").withOption("2"));
  const months = await reply("ListStatistics", monthly);
  expect(Object(months["count"])).toHaveLength(3);
  expect(months["count"]?.at(-1)).toEqual({ date: new Date().toISOString().slice(0, 7), value: 8 });
  expect(months["gbs"]?.at(-1)).toMatchObject({ value: 1.5 });
  const report = client.listFunctionAsMetric(new sdk.ListFunctionAsMetricRequest().withType("count"));
  expect(await reply("ListFunctionAsMetric", report)).toEqual({
    values: [
      { key: urn, value: 7 },
      { key: api.urn("gone", "latest"), value: 1 },
    ],
    next_marker: 2,
    count: 2,
  });
  expect(await refusal(client.showFunctionMetrics(new sdk.ShowFunctionMetricsRequest(urn, "soon")))).toEqual([
    expect.stringMatching(/FSS\.(1001|0400)/),
    expect.stringContaining("period"),
  ]);
});

test("logs say where they are; tracing keeps its secret; snapshots are off; pins come first", async () => {
  await using api = await TestApi.start();
  await api.create("demo");
  await api.create("last");
  const client = clientOf(api);
  const urn = api.urn("demo", "latest");
  await reply("EnableLtsLogs", client.enableLtsLogs(new sdk.EnableLtsLogsRequest()));
  await reply("EnableAsyncStatusLog", client.enableAsyncStatusLog(new sdk.EnableAsyncStatusLogRequest()));
  const details = client.showLtsLogDetails(new sdk.ShowLtsLogDetailsRequest(urn));
  expect(await reply("ShowLtsLogDetails", details)).toMatchObject({ stream_name: "default/demo" });
  const status = client.showProjectAsyncStatusLogInfo(new sdk.ShowProjectAsyncStatusLogInfoRequest());
  expect(await reply("ShowProjectAsyncStatusLogInfo", status)).toMatchObject({ stream_name: "async-status" });

  const trace = (): Promise<unknown> => client.showTracing(new sdk.ShowTracingRequest(urn));
  const setTrace = (body: sdk.UpdateTracingRequestBody): Promise<unknown> =>
    client.updateTracing(new sdk.UpdateTracingRequest(urn).withBody(body));
  const key = { projectId: api.credential.projectId, package: "default", name: "demo" };
  expect(await refusal(trace())).toEqual(["FSS.0404", expect.stringContaining("is off")]);
  await reply("UpdateTracing", setTrace({ tracing_ak: "ak", tracing_sk: "hunter2" } as never));
  expect(await reply("ShowTracing", trace())).toEqual({ tracing_ak: "ak", tracing_sk: "******" });
  await setTrace({ tracing_ak: "new", tracing_sk: "******" } as never);
  expect(api.store.tracing.find(key)).toEqual({ accessKey: "new", secretKey: "hunter2" });
  expect(await refusal(setTrace({ tracing_ak: "alone" } as never))).toEqual([
    "FSS.0400",
    expect.stringContaining("belong together"),
  ]);
  await setTrace({ tracing_ak: "", tracing_sk: "" } as never);
  expect(api.store.tracing.find(key)).toBeUndefined();

  const state = client.showFuncSnapshotState(new sdk.ShowFuncSnapshotStateRequest(urn, "state"));
  expect(await reply("ShowFuncSnapshotState", state)).toEqual({ state: "disable", code: "" });
  const change = (action: string): Promise<unknown> =>
    client.updateFuncSnapshot(new sdk.UpdateFuncSnapshotRequest(urn, action));
  await reply("UpdateFuncSnapshot", change("disable"));
  expect(await refusal(change("enable"))).toEqual([
    "FSS.0400",
    expect.stringContaining("makes no snapshots"),
  ]);

  const pin = (value: string): Promise<unknown> =>
    client.updateFunctionCollectState(new sdk.UpdateFunctionCollectStateRequest(api.urn("last"), value));
  const names = async (): Promise<unknown> =>
    (await api.call("GET", "/functions")).body["functions"]?.map((one) => one["func_name"]);
  expect(await names()).toEqual(["demo", "last"]);
  await reply("UpdateFunctionCollectState", pin("true"));
  expect(await names()).toEqual(["last", "demo"]);
  await pin("false");
  expect(await names()).toEqual(["demo", "last"]);
});

test("destinations are checked, and a circle of them is kept with a warning", async () => {
  await using api = await TestApi.start();
  await api.create("a");
  await api.create("b");
  const put = (name: string, destination_config: object): ReturnType<TestApi["call"]> =>
    api.call("PUT", `/functions/${api.urn(name)}/async-invoke-config`, { destination_config });
  const first = await put("a", { on_success: to("FunctionGraph", { func_urn: api.urn("b") }) });
  expect([first.status, first.headers.get("warning")]).toEqual([200, null]);
  const second = await put("b", { on_success: to("FunctionGraph", { func_urn: api.urn("a") }) });
  expect(second.status).toBe(200);
  expect(second.headers.get("warning")).toContain("b -> a -> b");
  const wrong = await put("a", {
    on_success: to("DIS", { stream_name: "stream" }),
    on_failure: to("FunctionGraph", { func_urn: api.urn("missing") }),
  });
  expect([wrong.status, wrong.body["error_code"]]).toEqual([400, "FSS.0400"]);
  for (const part of ["on_success.destination", "does not have", "on_failure.param", "does not exist"])
    expect(wrong.body["error_msg"]).toContain(part);
});

test("asynchronous requests are listed and cancelled with the official client", async () => {
  const cancelled: string[] = [];
  await using api = await TestApi.start({
    live: {
      runsImages: false,
      surroundings: undefined,
      instances: () => [],
      end: () => false,
      flush: async () => undefined,
      cancel: async (_key, id) => cancelled.push(id) > 0,
      redrive: async () => 0,
      publish: async () => "",
      objects: { refusal: () => undefined },
    },
  });
  await api.create("demo");
  const client = clientOf(api);
  const urn = api.urn("demo", "latest");
  const key = { projectId: api.credential.projectId, package: "default", name: "demo" };
  const now = Date.now();
  const waiting = {
    id: "r-1",
    key,
    qualifier: "latest",
    event: Buffer.from("{}"),
    acceptedAt: now,
    dueAt: now,
  };
  await api.store.asyncRequests.accept([waiting]);
  const list = client.listAsyncInvocations(new sdk.ListAsyncInvocationsRequest(urn).withStatus("WAIT"));
  expect(await reply("ListAsyncInvocations", list)).toMatchObject({
    invocations: [{ request_id: "r-1", status: "WAIT" }],
    count: 1,
    next_marker: 1,
  });
  const active = client.listActiveAsyncInvocations(
    new sdk.ListActiveAsyncInvocationsRequest(urn).withRequests("r-1,r-2"),
  );
  expect(await reply("ListActiveAsyncInvocations", active)).toMatchObject({ count: 1 });
  const body = new sdk.CancelAsyncInvocationRequestBody("r-1").withType("force");
  const cancel = client.cancelAsyncInvocation(new sdk.CancelAsyncInvocationRequest(urn).withBody(body));
  expect(await reply("CancelAsyncInvocation", cancel)).toEqual({});
  expect(cancelled).toEqual(["r-1"]);
  const answer = await api.call("POST", `/functions/${urn}/cancel`, { request_id: "r-1", type: "gently" });
  expect([answer.status, answer.body["error_code"]]).toEqual([400, "FSS.0400"]);
});
