import * as fg from "fungraph";

const functions = Array.from(
  { length: 400 },
  (_, at) =>
    new fg.Function(`hello-${at}`, {
      runtime: fg.Runtime.NodeJs20,
      handler: "index.handler",
      code: "./functions/hello",
      environment: { NUMBER: String(at) },
    }),
);

export const count = functions.length;
