import {
  CreateFunctionAppRequest,
  CreateFunctionAppRequestBody,
  CreateFunctionRequest,
  CreateFunctionRequestBody,
  DeleteFunctionAppRequest,
  FuncCode,
  type FunctionGraphClient,
  InvokeFunctionRequest,
  ListAppTemplatesRequest,
  ListFunctionApplicationsRequest,
  ListFunctionTemplateRequest,
  ShowAppTemplateRequest,
  ShowFunctionAppRequest,
  ShowFunctionTemplateRequest,
} from "@huaweicloud/huaweicloud-sdk-functiongraph";
import { expect, test } from "vitest";

import { startPlatform } from "../../platform/main.ts";
import { officialClient } from "../support/sdk.ts";
import { dataFolder } from "./support.ts";

/** Any JSON, with every field that a test may ask for. */
type Json = { [key: string]: Json } & Json[] & string;

/** A reply as JSON has it: the client's own names hide the fields. */
function fields(reply: object): { [key: string]: Json } {
  return reply as Json;
}

async function deployTemplate(client: FunctionGraphClient, id: string): Promise<string> {
  const template = fields(await client.showFunctionTemplate(new ShowFunctionTemplateRequest(id)));
  const name = id.replaceAll(".", "-");
  const body = new CreateFunctionRequestBody()
    .withFuncName(name)
    .withPackage("default")
    .withRuntime(String(template["runtime"]))
    .withHandler(String(template["handler"]))
    .withTimeout(Number(template["timeout"]))
    .withMemorySize(Number(template["memory_size"]))
    .withCodeType(String(template["code_type"]))
    .withUserData(String(template["user_data"]))
    .withFuncCode(new FuncCode().withFile(String(template["code"])));
  const created = fields(await client.createFunction(new CreateFunctionRequest().withBody(body)));
  return String(created["func_urn"]);
}

test("every function template, deployed as it stands, answers what it says", async () => {
  await using folder = await dataFolder();
  const platform = await startPlatform({ dataDir: folder.path });
  try {
    const client = officialClient(platform);
    const listed = fields(await client.listFunctionTemplate(new ListFunctionTemplateRequest()));
    const runs = new Set(platform.runtimes.filter((one) => one.available).map((one) => one.runtime));
    const templates = listed["func_templates"]?.filter((one) => runs.has(String(one["runtime"]))) ?? [];
    for (const one of templates) {
      const urn = await deployTemplate(client, String(one["id"]));
      const input = JSON.parse(String(one["temp_detail"]?.["input"])) as Json;
      const output = JSON.parse(String(one["temp_detail"]?.["output"])) as Json;
      const result = await client.invokeFunction(new InvokeFunctionRequest(urn).withBody(input));
      expect([one["id"], result]).toMatchObject([one["id"], output]);
    }
    expect(templates.length).toBeGreaterThanOrEqual(30);
  } finally {
    await platform.close();
  }
}, 120_000);

async function createApplication(
  client: FunctionGraphClient,
  template: string,
  params: Record<string, string>,
): Promise<{ readonly id: string; readonly url: string }> {
  const body = new CreateFunctionAppRequestBody().withName(`my-${template}`).withTemplateId(template);
  const created = await client.createFunctionApp(
    new CreateFunctionAppRequest().withBody(body.withParams(params)),
  );
  const id = String(fields(created)["application_id"]);
  const shown = fields(await client.showFunctionApp(new ShowFunctionAppRequest(id)));
  expect(shown).toMatchObject({ status: "success" });
  return { id, url: String(shown["apig_url"]) };
}

test("applications of every template serve, and are gone when they are deleted", async () => {
  await using folder = await dataFolder();
  const platform = await startPlatform({ dataDir: folder.path });
  try {
    const client = officialClient(platform);
    const listed = await client.listAppTemplates(new ListAppTemplatesRequest());
    expect(listed.templates?.map((one) => one.id)).toEqual(["scheduled-job", "web-site", "webhook"]);

    const site = await createApplication(client, "web-site", { title: "<Shop>" });
    const page = await fetch(site.url);
    expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(await page.text()).toContain("<h1>&lt;Shop&gt;</h1>");
    expect(await (await fetch(`${site.url}/api?name=you`)).json()).toEqual({ greeting: "Hello, you!" });

    const hook = await createApplication(client, "webhook", { secret: "open sesame" });
    const post = async (secret: string): Promise<number> =>
      (await fetch(hook.url, { method: "POST", body: "{}", headers: { "X-Hook-Secret": secret } })).status;
    expect([await post("open sesame"), await post("guess")]).toEqual([202, 401]);

    const job = await createApplication(client, "scheduled-job", { schedule: "1h" });
    const shown = fields(await client.showAppTemplate(new ShowAppTemplateRequest("scheduled-job")));
    expect(shown).toMatchObject({ deploy_count: 1, name: "Scheduled job" });

    for (const { id } of [site, hook, job]) await client.deleteFunctionApp(new DeleteFunctionAppRequest(id));
    const left = await client.listFunctionApplications(new ListFunctionApplicationsRequest());
    expect(left).toMatchObject({ applications: [], count: 0 });
    expect((await fetch(site.url)).status).toBe(404);
  } finally {
    await platform.close();
  }
});
