import * as pulumi from "@pulumi/pulumi";
import * as fg from "fungraph";

/* The program whose stack is recorded beside it: one of everything, with every setting. It never changes. */

void new fg.Platform("platform");
const numbers = new fg.Dependency("numbers", {
  code: "./numbers",
  runtime: fg.Runtime.NodeJs20,
  description: "Numbers.",
});
const alarm = new fg.Function("alarm", {
  runtime: fg.Runtime.Python312,
  handler: "index.handler",
  code: "./alarm",
});
const hello = new fg.Function("hello", {
  runtime: fg.Runtime.NodeJs20,
  handler: "index.handler",
  code: "./hello",
  functionName: "greeter",
  description: "Greets.",
  memoryMb: 256,
  timeoutSeconds: 30,
  environment: { TEXT: "hello" },
  encryptedEnvironment: { TOKEN: pulumi.secret("s3cret") },
  initializer: { handler: "index.initialize", timeoutSeconds: 5 },
  preStop: { handler: "index.stop" },
  concurrency: 4,
  maxInstances: 10,
  dynamicMemory: true,
  dependencies: [numbers.versionId],
});
const first = hello.publish("first", { versionName: "v1" });
const current = hello.publish("current");
const prod = hello.alias("prod", { version: current.version, description: "what customers use" });
hello.alias("old", { version: first.version });
prod.onHttp("greet", { path: "/greet/{name}", method: fg.HttpMethod.Get, auth: fg.HttpAuth.None });
prod.onTimer("mornings", { cron: "0 30 8 ? * Mon-Fri", userEvent: "good morning" });
prod.reserve("warm", {
  count: 1,
  policies: [
    {
      name: "day",
      cron: "0 0 8 * * *",
      count: 2,
      from: "2027-01-01T00:00:00Z",
      until: "2037-01-01T00:00:00Z",
    },
  ],
});
prod.onAsync("queue", { maxRetries: 3, maxAgeSeconds: 600, statusLog: true, onFailure: alarm.functionUrn });
hello.onTimer("hourly", { every: "1h", enabled: false });
hello.testEvent("order", { event: '{"order": 1}' });
