import { expect, test } from "vitest";

import { TestApi } from "./fixtures.ts";

const EMPTY_OBJECT = Buffer.from("{}").toString("base64");

test("test events are made, listed without content, read, changed and deleted", async () => {
  await using api = await TestApi.start();
  await api.create("demo");
  const path = `/functions/${api.urn("demo")}/events`;
  const { status, body } = await api.call("POST", path, { name: "hello", content: EMPTY_OBJECT });
  expect([status, body["name"]]).toEqual([200, "hello"]);
  const list = await api.call("GET", path);
  expect(list.body).toMatchObject({ count: 1, next_marker: 1, events: [{ id: body["id"], name: "hello" }] });
  expect(list.body["events"]?.[0]).not.toHaveProperty("content");
  const content = Buffer.from('{"a":1}').toString("base64");
  expect(await api.call("PUT", `${path}/${body["id"]}`, { content })).toMatchObject({ status: 200, body });
  expect((await api.call("GET", `${path}/${body["id"]}`)).body).toMatchObject({
    id: body["id"],
    name: "hello",
    content,
  });
  expect((await api.call("DELETE", `${path}/${body["id"]}`)).status).toBe(204);
  expect(await api.call("GET", `${path}/${body["id"]}`)).toMatchObject({
    status: 404,
    body: { error_code: "FSS.1070" },
  });
});

test("test events fail on a taken name, content that is no JSON, and beyond ten", async () => {
  await using api = await TestApi.start();
  await api.create("demo");
  const post = async (name: string, content = EMPTY_OBJECT): Promise<unknown> => {
    const { status, body } = await api.call("POST", `/functions/${api.urn("demo")}/events`, {
      name,
      content,
    });
    return [status, body["error_code"]];
  };
  for (let index = 0; index < 9; index++) expect(await post(`event${index}`)).toEqual([200, undefined]);
  expect(await post("event0")).toEqual([403, "FSS.1073"]);
  expect(await post("other", "bm8=")).toEqual([400, "FSS.1074"]);
  const first = (await api.call("GET", `/functions/${api.urn("demo")}/events`)).body["events"]?.[0]?.["id"];
  const changed = await api.call("PUT", `/functions/${api.urn("demo")}/events/${first}`, { content: "bm8=" });
  expect([changed.status, changed.body["error_code"]]).toEqual([400, "FSS.1074"]);
  expect(await post("tenth")).toEqual([200, undefined]);
  expect(await post("eleventh")).toEqual([403, "FSS.1068"]);
});

test("settings for asynchronous calls are kept for each version, read, listed and deleted", async () => {
  await using api = await TestApi.start();
  await api.create("demo");
  const path = `/functions/${api.urn("demo")}/async-invoke-config`;
  expect(await api.call("GET", path)).toMatchObject({ status: 404, body: { error_code: "FSS.0404" } });
  const put = await api.call("PUT", path, {
    max_async_event_age_in_seconds: 60,
    max_async_retry_attempts: 3,
  });
  expect(put).toMatchObject({
    status: 200,
    body: {
      func_urn: api.urn("demo", "latest"),
      max_async_event_age_in_seconds: 60,
      max_async_retry_attempts: 3,
    },
  });
  expect((await api.call("GET", path)).body).toEqual(put.body);
  expect((await api.call("GET", `${path}s`)).body).toMatchObject({
    async_invoke_configs: [put.body],
    count: 1,
    page_info: { next_marker: 1, previous_marker: 0, current_count: 1 },
  });
  expect((await api.call("PUT", path, {})).body).toMatchObject({
    max_async_event_age_in_seconds: 3600,
    max_async_retry_attempts: 1,
  });
  expect((await api.call("DELETE", path)).status).toBe(204);
  expect((await api.call("DELETE", path)).status).toBe(404);
});

test("settings for asynchronous calls fail out of range and with destinations, all at once", async () => {
  await using api = await TestApi.start();
  await api.create("demo");
  const { status, body } = await api.call("PUT", `/functions/${api.urn("demo")}/async-invoke-config`, {
    max_async_event_age_in_seconds: 0,
    max_async_retry_attempts: 4,
    destination_config: { on_failure: { destination: "FunctionGraph", param: "{}" } },
  });
  expect(status).toBe(400);
  for (const part of ["max_async_event_age_in_seconds", "max_async_retry_attempts", "destination_config"]) {
    expect(body["error_msg"]).toContain(part);
  }
});
