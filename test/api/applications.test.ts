import { expect, test } from "vitest";

import { checkResponse } from "../../model/api/validate.ts";
import { TemporaryFolder } from "../store/fixtures.ts";
import { TestApi } from "./fixtures.ts";

function site(name: string, change: Record<string, unknown> = {}): Record<string, unknown> {
  return { name, template_id: "web-site", description: "d", params: { title: "Shop" }, ...change };
}

test("an application is created with its functions and triggers, shown, listed and deleted with them", async () => {
  await using api = await TestApi.start();
  await api.create("other");
  const created = await api.call("POST", "/applications", site("shop", { agency_name: "reader" }));
  expect(created.status).toBe(200);
  const id = String(created.body["application_id"]);
  const shown = await api.call("GET", `/applications/${id}`);
  expect(shown).toMatchObject({
    status: 200,
    body: {
      name: "shop",
      status: "success",
      description: "d",
      stack_id: id,
      project_id: api.credential.projectId,
      apig_url: `${api.url}/shop`,
    },
  });
  const resources = shown.body["stack_resources"] ?? [];
  expect(
    resources.map((one) => [
      one["logical_resource_name"],
      one["logical_resource_type"],
      one["resource_status"],
    ]),
  ).toEqual([
    ["page", "huaweicloud_fgs_function", "CREATION_COMPLETE"],
    ["page", "huaweicloud_fgs_trigger", "CREATION_COMPLETE"],
    ["api", "huaweicloud_fgs_function", "CREATION_COMPLETE"],
    ["api", "huaweicloud_fgs_trigger", "CREATION_COMPLETE"],
  ]);
  const page = String(resources[0]?.["physical_resource_id"]);
  const config = await api.call("GET", `/functions/${page}/config`);
  expect(config.body).toMatchObject({
    package: "shop",
    app_xrole: "reader",
    user_data: '{"title":"Shop","api":"/shop/api"}',
  });
  expect((await api.call("GET", "/functions?package_name=shop")).body["count"]).toBe(2);
  expect((await api.call("GET", "/applications?limit=10")).body).toMatchObject({
    applications: [{ id, name: "shop", status: "success" }],
    count: 1,
  });
  expect((await api.call("GET", "/application/templates/web-site")).body).toMatchObject({ deploy_count: 1 });

  await api.call("DELETE", `/functions/${page.replace(":latest", "")}`);
  const after = await api.call("GET", `/applications/${id}`);
  expect(after.body["stack_resources"]?.map((one) => one["resource_status"])).toEqual([
    "DELETION_COMPLETE",
    "DELETION_COMPLETE",
    "CREATION_COMPLETE",
    "CREATION_COMPLETE",
  ]);
  expect((await api.call("DELETE", `/applications/${id}`)).status).toBe(204);
  expect((await api.call("GET", "/functions")).body["functions"]?.map((one) => one["func_name"])).toEqual([
    "other",
  ]);
  expect(await api.call("GET", `/applications/${id}`)).toMatchObject({
    status: 404,
    body: { error_code: "FSS.0404" },
  });
});

test.each([
  ["a name that is taken", site("shop"), 409, "FSS.0409"],
  ["a package that has such a function", site("default"), 409, "FSS.1061"],
  ["no template of that id", site("a", { template_id: "none" }), 404, "FSS.1059"],
  ["a wrong name", site("9"), 400, "FSS.1004"],
  ["no name and no template", {}, 400, "FSS.1004"],
  ["an unknown parameter", site("a", { params: { color: "red" } }), 400, "FSS.0400"],
  ["a parameter that is needed", site("a", { template_id: "webhook", params: {} }), 400, "FSS.0400"],
  ["parameters that are no texts", site("a", { params: { title: 1 } }), 400, "FSS.0400"],
])("fails on %s", async (_what, body, status, code) => {
  await using api = await TestApi.start();
  await api.create("page");
  await api.call("POST", "/applications", site("shop"));
  const answer = await api.call("POST", "/applications", body);
  expect([answer.status, answer.body["error_code"]]).toEqual([status, code]);
  expect(api.store.functions.count(api.credential.projectId)).toBe(3);
  expect(api.log).toEqual([]);
});

test("what was made is gone when a later part fails", async () => {
  await using api = await TestApi.start();
  const job = { name: "work", template_id: "scheduled-job", params: { schedule: "often" } };
  const answer = await api.call("POST", "/applications", job);
  expect(answer.status).toBe(400);
  expect(answer.body["error_msg"]).toContain("often");
  expect(api.store.functions.count(api.credential.projectId)).toBe(0);
  expect((await api.call("GET", "/applications")).body).toMatchObject({ applications: [], count: 0 });

  await using tight = await TestApi.start({ limits: { functions: 1 } });
  expect(await tight.call("POST", "/applications", site("shop"))).toMatchObject({
    status: 403,
    body: { error_code: "FSS.1041" },
  });
  expect(tight.store.functions.count(tight.credential.projectId)).toBe(0);
});

test("of two that create one application at the same time one succeeds", async () => {
  await using api = await TestApi.start();
  const answers = await Promise.all([1, 2].map(() => api.call("POST", "/applications", site("shop"))));
  expect(answers.map((one) => one.status).sort((a, b) => a - b)).toEqual([200, 409]);
  expect(api.store.functions.count(api.credential.projectId)).toBe(2);
});

test("deleting an application that a crash cut short deletes what was made of it, and nothing else", async () => {
  using folder = new TemporaryFolder();
  let id = "";
  {
    await using api = await TestApi.start({ dataDir: folder.path });
    const resources = ["page", "api"].map(
      (name) => ({ kind: "function", name, functionName: name }) as const,
    );
    const draft = { name: "shop", description: "", templateId: "web-site", resources };
    ({ id } = api.store.applications.begin({ projectId: api.credential.projectId, ...draft }));
    for (const name of ["page", "mine"]) await api.create(name, { package: "shop" });
    const early = await api.call("DELETE", `/applications/${id}`);
    expect(early).toMatchObject({ status: 409, body: { error_code: "FSS.0409" } });
  }
  await using api = await TestApi.start({ dataDir: folder.path });
  const shown = await api.call("GET", `/applications/${id}`);
  expect(shown.body).toMatchObject({ status: "CreateFail", apig_url: "" });
  expect(shown.body["stack_resources"]?.map((one) => one["resource_status"])).toEqual([
    "CREATION_COMPLETE",
    "DELETION_COMPLETE",
  ]);
  expect((await api.call("DELETE", `/applications/${id}`)).status).toBe(204);
  const { body } = await api.call("GET", "/functions");
  expect(body["functions"]?.map((one) => one["func_name"])).toEqual(["mine"]);
});

test("application templates are listed by runtime and category, and shown with their parameters", async () => {
  await using api = await TestApi.start();
  const ids = async (query: string): Promise<unknown> =>
    (await api.call("GET", `/application/templates${query}`)).body["templates"]?.map((one) => one["id"]);
  expect(await ids("")).toEqual(["scheduled-job", "web-site", "webhook"]);
  expect(await ids("?runtime=all&category=web&maxitems=1&marker=1")).toEqual(["webhook"]);
  expect(await ids("?runtime=Python3.9")).toEqual(["scheduled-job"]);
  const { body } = await api.call("GET", "/application/templates/scheduled-job");
  expect(JSON.parse(String(body["params"]))).toMatchObject([
    { name: "schedule", default: "5m" },
    { name: "task" },
  ]);
  expect((await api.call("GET", "/application/templates/none")).status).toBe(404);
});

test("function templates are listed by runtime, scene and service, in pages", async () => {
  await using api = await TestApi.start();
  const names = async (query: string): Promise<unknown> =>
    (await api.call("GET", `/templates${query}`)).body["func_templates"]?.map((one) => one["template_name"]);
  expect(await names("?runtime=Node.js20.15")).toEqual(["context", "hello", "http", "settings", "timer"]);
  expect(await names("?runtime=Python3.9&scene=timer&service=TIMER")).toEqual(["timer"]);
  expect(await names("?ispublic=false")).toEqual([]);
  expect(await names("?runtime=Python3.9&maxitems=2&marker=3")).toEqual(["settings", "timer"]);
  expect(await api.call("GET", "/templates/none")).toMatchObject({
    status: 404,
    body: { error_code: "FSS.1059" },
  });
});

test("every function template creates a function and its triggers as it stands", async () => {
  await using api = await TestApi.start();
  const { body } = await api.call("GET", "/templates");
  const templates = body["func_templates"] ?? [];
  expect(templates.length).toBeGreaterThan(40);
  for (const one of templates) {
    const shown = await api.call("GET", `/templates/${String(one["id"])}`);
    expect(shown.body).toEqual(one);
    const name = String(one["id"]).replaceAll(".", "-");
    const created = await api.create(name, {
      runtime: one["runtime"],
      handler: one["handler"],
      code_type: one["code_type"],
      func_code: { file: one["code"] },
      user_data: one["user_data"],
    });
    expect([one["id"], created.status]).toEqual([one["id"], 200]);
    for (const trigger of one["trigger_metadata_list"] ?? []) {
      const added = await api.call("POST", `/triggers/${api.urn(name)}`, {
        trigger_type_code: trigger["trigger_type"],
        event_data: JSON.parse(String(trigger["event_data"])) as unknown,
      });
      expect([one["id"], added.status]).toEqual([one["id"], 201]);
    }
    await api.call("DELETE", `/functions/${api.urn(name)}`);
  }
});

test("replies are what the models say", async () => {
  await using api = await TestApi.start();
  const created = await api.call("POST", "/applications", site("shop"));
  expect(checkResponse("CreateFunctionApp", created.body)).toEqual([]);
  for (const [operation, where] of [
    ["ListFunctionApplications", "/applications"],
    ["ShowFunctionApp", `/applications/${created.body["application_id"]}`],
    ["ListAppTemplates", "/application/templates"],
    ["ShowAppTemplate", "/application/templates/webhook"],
    ["ListFunctionTemplate", "/templates"],
    ["ShowFunctionTemplate", "/templates/hello-node.js20.15"],
  ] as const) {
    const { body } = await api.call("GET", where);
    expect([operation, checkResponse(operation, body)]).toEqual([operation, []]);
  }
});
