import { describe, expect, test } from "vitest";
import { checkParameters } from "../../model/api/parameters.ts";
import type { OperationId } from "../../model/api/operations.ts";

function faults(id: OperationId, given: { path?: object; query?: string; headers?: object }): string[][] {
  const request = {
    parameters: { ...given.path } as Record<string, string>,
    query: new URLSearchParams(given.query),
    headers: { ...given.headers } as Record<string, string>,
  };
  return checkParameters(id, request).map(({ property, rule, code }) => [property, rule, code]);
}

describe("parameters", () => {
  test("in the query are numbers, times, switches and choices where the operation says so", () => {
    expect(faults("ListWorkflow", { query: "limit=10&offset=0&workflow_name=a" })).toEqual([]);
    expect(faults("ListWorkflow", { query: "limit=ten&offset=1.5" })).toEqual([
      ["limit", "must be a whole number", "FSS.1001"],
      ["offset", "must be a whole number", "FSS.1001"],
    ]);
    expect(faults("ExportFunction", { query: "config=true&code=yes" })).toEqual([
      ["code", "must be true or false", "FSS.1001"],
    ]);
    expect(faults("ListAsyncInvocations", { query: "query_begin_time=2026-01-31T08:30:00Z" })).toEqual([]);
    expect(faults("ListAsyncInvocations", { query: "query_begin_time=yesterday" })).toHaveLength(1);
    expect(faults("ListStatistics", { query: "filter=daily" })).toEqual([
      ["filter", "must be one of monitor_data, monthly_report", "FSS.1001"],
    ]);
  });

  test("that are required must be there; blank ones are left out, as one SDK writes times", () => {
    expect(faults("ListStatistics", {})).toEqual([
      ["filter", "is a query parameter that must be there", "FSS.1001"],
    ]);
    expect(faults("ListAsyncInvocations", { query: "query_begin_time=&query_end_time=" })).toEqual([]);
    expect(faults("CreateCallbackWorkflow", { headers: { "x-workflow-run-id": "r" } })).toEqual([
      ["X-Workflow-State-Id", "is a header parameter that must be there", "FSS.0400"],
    ]);
  });

  test("in path and headers have codes of their own", () => {
    const wrong = faults("ShowFunctionTrigger", { path: { trigger_type_code: "ALARM" } });
    expect(wrong).toEqual([["trigger_type_code", expect.stringContaining("TIMER"), "FSS.1101"]]);
    expect(faults("InvokeFunction", { headers: { "x-cff-instance-memory": "100" } })[0]?.[2]).toBe(
      "FSS.0406",
    );
    expect(faults("InvokeFunction", { headers: { "x-cff-instance-memory": "10240" } })).toEqual([]);
    expect(faults("InvokeFunction", { headers: { "x-cff-request-version": "v2" } })[0]?.[2]).toBe("FSS.0400");
  });

  test("that an operation does not name are passed over", () => {
    expect(faults("ListFunctions", { query: "constructor=1&__proto__=2", headers: { accept: "x" } })).toEqual(
      [],
    );
  });
});
