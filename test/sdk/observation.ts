import { expect, test } from "vitest";

import { until } from "../platform/support.ts";
import { type Json, saying, type Stage } from "./stage.ts";

/** The newest value of a series. */
function last(series: Json | undefined): unknown {
  return series?.at(-1)?.["value"];
}

/** All values of a series together; -1 stands for a minute without any. */
function sum(series: Json | undefined): number {
  const points: Json[] = series ?? [];
  return points.reduce((total, point) => total + Math.max(0, Number(point["value"])), 0);
}

/** Reserved instances, numbers, quotas. */
export function observation(stage: () => Stage): void {
  test("reserved instances are started, listed, measured, and ended", async () => {
    const one = stage();
    await one.deploy("ready", saying("ready"));
    const urn = one.urn("ready", "latest");
    const reserve = (count: number) =>
      one.call("UpdateFunctionReservedInstancesCount", { function_urn: urn, body: { count } });
    await reserve(1);
    const counts = async () =>
      (await one.call("ListFunctionReservedInstances", { urn }))["reservedinstances"];
    expect(await counts()).toEqual([{ func_urn: urn, count: 1 }]);
    const configs = await one.call("ListReservedInstanceConfigs", { function_urn: urn });
    expect(configs["reserved_instances"]).toMatchObject([{ function_urn: urn, min_count: 1 }]);
    await until(async () => {
      const report = await one.call("ShowFuncReservedInstanceMetrics", { function_urn: urn });
      return last(report["reservedInstanceNum"]) === 1;
    }, 300);
    await reserve(0);
    expect(await counts()).toEqual([]);
    one.shows({
      UpdateFunctionReservedInstancesCount: "an instance starts, and ends at 0",
      ListFunctionReservedInstances: "lists the count until it is 0",
      ListReservedInstanceConfigs: "lists what was set",
      ShowFuncReservedInstanceMetrics: "counts the instance that was reserved",
    });
  });

  test("calls show in statistics of functions and of the project", async () => {
    const one = stage();
    await one.deploy("counted", saying("counted"));
    const urn = one.urn("counted", "latest");
    for (let call = 0; call < 3; call += 1) await one.invoke(urn);
    const series = async (id: "ShowFunctionMetrics" | "ListFunctionStatistics") =>
      (await one.call(id, { function_urn: urn, period: "5" }))["count"];
    await until(async () => sum(await series("ShowFunctionMetrics")) === 3);
    expect(sum(await series("ListFunctionStatistics"))).toBe(3);
    const all = await one.call("ListStatistics", { filter: "monitor_data", period: "5" });
    expect(sum(all["statistics"]?.["count"])).toBeGreaterThanOrEqual(3);
    const report = await one.call("ListFunctionAsMetric", { type: "count", limit: "100" });
    expect(report["values"]).toContainEqual({ key: urn, value: 3 });
    const functions = (await one.call("ListFunctions"))["functions"]?.length;
    const quotas = (await one.call("ListQuotas"))["quotas"]?.["resources"];
    expect(quotas).toContainEqual(expect.objectContaining({ type: "fgs_func_num", used: functions }));
    one.shows({
      ShowFunctionMetrics: "counts the calls that were made",
      ListFunctionStatistics: "counts the calls that were made",
      ListStatistics: "counts the calls of all functions",
      ListFunctionAsMetric: "ranks functions by the calls that were made",
      ListQuotas: "counts the functions there are",
    });
  });
}
