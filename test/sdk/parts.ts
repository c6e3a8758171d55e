import { expect, test } from "vitest";

import { archive } from "../platform/support.ts";
import type { Stage } from "./stage.ts";

const LIBRARY = "exports.greet = (name) => `Hello, ${name}`;";
const CODE = `const { greet } = require("greeter");
exports.handler = async (event, context) => ({ text: greet(event.name) });`;

/** What functions are made of and from: dependencies, templates, applications. */
export function parts(stage: () => Stage): void {
  test("dependencies are used, kept while they are in use, and deleted", async () => {
    const one = stage();
    const file = (await archive({ "node_modules/greeter/index.js": LIBRARY })).toString("base64");
    const body = { name: "greeter", runtime: "Node.js20.15", depend_type: "zip", depend_file: file };
    const made = await one.call("CreateDependencyVersion", { body });
    await one.deploy("polite", CODE, { depend_version_list: [made["id"]] });
    expect(await one.invoke(one.urn("polite"), { name: "you" })).toEqual({ text: "Hello, you" });
    const [dependency] = (await one.call("ListDependencies", { name: "greeter" }))["dependencies"] ?? [];
    const of = { depend_id: dependency?.["id"], version: "1" };
    const listed = await one.call("ListDependencyVersion", of);
    expect(listed["dependencies"]?.map((item) => item["id"])).toEqual([made["id"]]);
    expect(await one.call("ShowDependencyVersion", of)).toMatchObject({ name: "greeter", version: 1 });
    expect(await one.refused("DeleteDependencyVersion", of)).toBe("FSS.1033");
    await one.call("DeleteFunction", { function_urn: one.urn("polite") });
    await one.call("DeleteDependencyVersion", of);
    expect(await one.call("ListDependencies", { name: "greeter" })).toMatchObject({ dependencies: [] });
    one.shows({
      CreateDependencyVersion: "a function loads it",
      ListDependencies: "lists a dependency until it is deleted",
      ListDependencyVersion: "lists the version that was uploaded",
      ShowDependencyVersion: "shows what was uploaded",
      DeleteDependencyVersion: "FSS.1033 while a function uses it, then gone from the list",
    });
  });

  test("a function from a template answers what the template says", async () => {
    const one = stage();
    const listed = await one.call("ListFunctionTemplate", { runtime: "Node.js20.15" });
    const id = listed["func_templates"]?.[0]?.["id"];
    const template = await one.call("ShowFunctionTemplate", { template_id: id });
    const { handler, timeout, memory_size, code_type, user_data, code } = template;
    const func_code = { file: code };
    await one.deploy("templated", "", { handler, timeout, memory_size, code_type, user_data, func_code });
    const { input, output } = template["temp_detail"] as Record<string, string>;
    const result = await one.invoke(one.urn("templated"), JSON.parse(input ?? "") as object);
    expect(result).toMatchObject(JSON.parse(output ?? "") as object);
    one.shows({
      ListFunctionTemplate: "lists templates of a runtime",
      ShowFunctionTemplate: "its code, deployed, answers the example of the template",
    });
  });

  test("an application serves until it is deleted", async () => {
    const one = stage();
    const templates = (await one.call("ListAppTemplates"))["templates"]?.map((item) => item["id"]);
    expect(templates).toContain("web-site");
    const shown = await one.call("ShowAppTemplate", { id: "web-site" });
    expect(shown).toMatchObject({ name: "Web site" });
    const body = { name: "shop", template_id: "web-site", params: { title: "Shop" } };
    const { application_id: id } = await one.call("CreateFunctionApp", { body });
    const application = await one.call("ShowFunctionApp", { id });
    const url = String(application["apig_url"]);
    expect(await (await fetch(url)).text()).toContain("Shop");
    const names = async () =>
      (await one.call("ListFunctionApplications"))["applications"]?.map((item) => item["name"]);
    expect(await names()).toEqual(["shop"]);
    await one.call("DeleteFunctionApp", { id });
    expect(await names()).toEqual([]);
    expect((await fetch(url)).status).toBe(404);
    one.shows({
      ListAppTemplates: "lists the templates that applications are made from",
      ShowAppTemplate: "shows one of them",
      CreateFunctionApp: "its address serves the page",
      ShowFunctionApp: "shows the address that serves",
      ListFunctionApplications: "lists an application until it is deleted",
      DeleteFunctionApp: "is gone from the list and its address answers 404",
    });
  });
}
