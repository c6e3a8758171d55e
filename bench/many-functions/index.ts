import * as fg from "fungraph";

for (let at = 0; at < 400; at++)
  new fg.Function(`hello-${at}`, {
    runtime: fg.Runtime.NodeJs20,
    handler: "index.handler",
    code: "./functions/hello",
    environment: { NUMBER: String(at) },
  });
