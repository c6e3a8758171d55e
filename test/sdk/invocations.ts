import { expect, test } from "vitest";

import { until } from "../platform/support.ts";
import { ECHO, saying, type Stage } from "./stage.ts";

const SLOW = "exports.handler = (event, context) => new Promise((resolve) => setTimeout(resolve, 60_000));";

/** An event as a test event has it. */
function content(event: object): string {
  return Buffer.from(JSON.stringify(event)).toString("base64");
}

/** Asynchronous calls, their settings and records, and test events. */
export function invocations(stage: () => Stage): void {
  test("asynchronous calls run, are listed, and stopped", async () => {
    const one = stage();
    await one.deploy("queued", saying("done"));
    await one.deploy("slow", SLOW, { timeout: 100 });
    const start = async (name: string) =>
      (await one.call("AsyncInvokeFunction", { function_urn: one.urn(name), body: {} }))["request_id"];
    await one.call("EnableAsyncStatusLog");
    const id = await start("queued");
    const stateOf = async (name: string, request_id: unknown) => {
      const list = await one.call("ListAsyncInvocations", { function_urn: one.urn(name), request_id });
      return list["invocations"]?.[0]?.["status"];
    };
    await until(async () => (await stateOf("queued", id)) === "SUCCESS");
    const stopped = await start("slow");
    const active = async () => {
      const list = await one.call("ListActiveAsyncInvocations", { function_urn: one.urn("slow") });
      return list["invocations"]?.map((item) => item["request_id"]);
    };
    await until(async () => (await stateOf("slow", stopped)) === "RUNNING");
    expect(await active()).toEqual([stopped]);
    const body = { request_id: stopped, type: "force" };
    await one.call("CancelAsyncInvocation", { function_urn: one.urn("slow"), body });
    await until(async () => (await stateOf("slow", stopped)) === "FAIL");
    expect(await active()).toEqual([]);
    one.shows({
      AsyncInvokeFunction: "the request runs to its end",
      ListAsyncInvocations: "follows a request to SUCCESS, and to FAIL when it is stopped",
      ListActiveAsyncInvocations: "lists a request while it runs",
      CancelAsyncInvocation: "the request ends and is active no more",
    });
  });

  test("settings for asynchronous calls send results on, are listed, and go", async () => {
    const one = stage();
    await one.deploy("follower", ECHO);
    const urn = one.urn("queued", "latest");
    const param = JSON.stringify({ func_urn: one.urn("follower") });
    const body = {
      max_async_event_age_in_seconds: 60,
      max_async_retry_attempts: 2,
      destination_config: { on_success: { destination: "FunctionGraph", param } },
    };
    await one.call("UpdateFunctionAsyncInvokeConfig", { function_urn: urn, body });
    expect(await one.call("ShowFunctionAsyncInvokeConfig", { function_urn: urn })).toMatchObject(body);
    const list = async () =>
      (await one.call("ListFunctionAsyncInvokeConfig", { function_urn: urn }))["async_invoke_configs"];
    expect(await list()).toMatchObject([{ func_urn: urn }]);
    await one.call("AsyncInvokeFunction", { function_urn: urn, body: {} });
    await until(async () => {
      const sent = await one.call("ListAsyncInvocations", { function_urn: one.urn("follower") });
      return sent["invocations"]?.[0]?.["status"] === "SUCCESS";
    });
    await one.call("DeleteFunctionAsyncInvokeConfig", { function_urn: urn });
    expect(await list()).toEqual([]);
    one.shows({
      UpdateFunctionAsyncInvokeConfig: "a successful call is sent on to the function that was named",
      ShowFunctionAsyncInvokeConfig: "shows what was set",
      ListFunctionAsyncInvokeConfig: "lists settings until they are deleted",
      DeleteFunctionAsyncInvokeConfig: "is gone from the list",
    });
  });

  test("test events are kept, changed, and deleted", async () => {
    const one = stage();
    const of = { function_urn: one.urn("queued") };
    const made = await one.call("CreateEvent", {
      ...of,
      body: { name: "hello", content: content({ a: 1 }) },
    });
    const event = { ...of, event_id: made["id"] };
    await one.call("UpdateEvent", { ...event, body: { content: content({ a: 2 }) } });
    expect(await one.call("ShowEvent", event)).toMatchObject({ name: "hello", content: content({ a: 2 }) });
    expect(await one.call("ListEvents", of)).toMatchObject({ count: 1, events: [{ name: "hello" }] });
    await one.call("DeleteEvent", event);
    expect(await one.call("ListEvents", of)).toMatchObject({ count: 0, events: [] });
    one.shows({
      CreateEvent: "is listed and shown",
      UpdateEvent: "shows the other content",
      ShowEvent: "shows the content as it was sent",
      ListEvents: "lists an event until it is deleted",
      DeleteEvent: "is gone from the list",
    });
  });
}
