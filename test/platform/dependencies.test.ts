import {
  CreateDependencyRequestBody,
  CreateDependencyVersionRequest,
  CreateFunctionRequest,
  CreateFunctionRequestBody,
  CreateFunctionVersionRequest,
  CreateFunctionVersionRequestBody,
  DeleteDependencyVersionRequest,
  DeleteFunctionRequest,
  FuncCode,
  type FunctionGraphClient,
  InvokeFunctionRequest,
  ListDependenciesRequest,
  ListDependencyVersionRequest,
  ShowDependencyVersionRequest,
  UpdateFunctionCodeRequest,
  UpdateFunctionCodeRequestBody,
} from "@huaweicloud/huaweicloud-sdk-functiongraph";
import { expect, test } from "vitest";

import { startPlatform } from "../../platform/main.ts";
import { officialClient } from "../support/sdk.ts";
import { archive, dataFolder } from "./support.ts";

interface Example {
  readonly runtime: string;
  readonly library: Readonly<Record<string, string>>;
  readonly code: Readonly<Record<string, string>>;
}

const NODE: Example = {
  runtime: "Node.js20.15",
  library: { "node_modules/greeter/index.js": "exports.greet = (name) => `Hello, ${name}`;" },
  code: {
    "index.js": `const { greet } = require("greeter");
exports.handler = async (event, context) => ({ text: greet(event.name) });`,
  },
};

const PYTHON: Example = {
  runtime: "Python3.9",
  library: { "greeter/__init__.py": "def greet(name):\n    return 'Hello, ' + name\n" },
  code: {
    "index.py": `from greeter import greet

def handler(event, context):
    return {"text": greet(event["name"])}
`,
  },
};

async function publish(client: FunctionGraphClient, { runtime, library }: Example): Promise<string> {
  const file = (await archive(library)).toString("base64");
  const body = new CreateDependencyRequestBody("zip", runtime, "greeter").withDependFile(file);
  const reply = await client.createDependencyVersion(new CreateDependencyVersionRequest().withBody(body));
  return String(reply.id);
}

async function deploy(
  client: FunctionGraphClient,
  { runtime, code }: Example,
  dependencies: string[],
): Promise<string> {
  const body = new CreateFunctionRequestBody("demo", "default", runtime, 10, "index.handler", 128)
    .withCodeType("zip")
    .withFuncCode(new FuncCode().withFile((await archive(code)).toString("base64")))
    .withDependVersionList(dependencies);
  const reply = await client.createFunction(new CreateFunctionRequest().withBody(body));
  return String(Object(reply)["func_urn"]);
}

test.each([
  ["Node.js", NODE],
  ["Python", PYTHON],
])("a %s function uses a dependency, all by the official client", async (_language, example) => {
  await using folder = await dataFolder();
  const platform = await startPlatform({ dataDir: folder.path });
  try {
    if (!platform.runtimes.some((one) => one.runtime === example.runtime && one.available)) {
      process.stderr.write(`skipped: ${example.runtime} is not on this machine\n`);
      return;
    }
    const client = officialClient(platform);
    const id = await publish(client, example);
    const urn = await deploy(client, example, [id]);
    const invocation = new InvokeFunctionRequest(urn).withBody(Object({ name: "world" }));
    expect(await client.invokeFunction(invocation)).toMatchObject({ text: "Hello, world" });

    const listed = await client.listDependencies(new ListDependenciesRequest());
    const dependencyId = String(listed.dependencies?.[0]?.id);
    const versions = await client.listDependencyVersion(new ListDependencyVersionRequest(dependencyId));
    expect(versions.dependencies?.map((one) => one.id)).toEqual([id]);
    const shown = await client.showDependencyVersion(new ShowDependencyVersionRequest(dependencyId, "1"));
    expect(shown).toMatchObject({ name: "greeter", version: 1, id });

    const deletion = new DeleteDependencyVersionRequest(dependencyId, "1");
    await expect(client.deleteDependencyVersion(deletion)).rejects.toMatchObject({ errorCode: "FSS.1033" });
    await client.deleteFunction(new DeleteFunctionRequest(urn.replace(":latest", "")));
    await client.deleteDependencyVersion(deletion);
    expect(await client.listDependencies(new ListDependenciesRequest())).toMatchObject({ dependencies: [] });
  } finally {
    await platform.close();
  }
});

test("a published version keeps its dependency's version; latest goes on with the next", async () => {
  await using folder = await dataFolder();
  const platform = await startPlatform({ dataDir: folder.path });
  try {
    const client = officialClient(platform);
    const urn = (await deploy(client, NODE, [await publish(client, NODE)])).replace(":latest", "");
    const version = new CreateFunctionVersionRequestBody().withVersion("v1");
    await client.createFunctionVersion(new CreateFunctionVersionRequest(urn).withBody(version));
    const next = { ...NODE, library: { "node_modules/greeter/index.js": "exports.greet = () => 'Bye';" } };
    const code = new UpdateFunctionCodeRequestBody("zip")
      .withFuncCode(new FuncCode().withFile((await archive(NODE.code)).toString("base64")))
      .withDependVersionList([await publish(client, next)]);
    await client.updateFunctionCode(new UpdateFunctionCodeRequest(urn).withBody(code));
    const invoke = (of: string): Promise<object> =>
      client.invokeFunction(new InvokeFunctionRequest(of).withBody(Object({ name: "world" })));
    expect(await invoke(`${urn}:v1`)).toMatchObject({ text: "Hello, world" });
    expect(await invoke(urn)).toMatchObject({ text: "Bye" });
  } finally {
    await platform.close();
  }
});
