import * as fg from "fungraph";

const board = new fg.Function("board", {
  description: "A notice board: a web server of its own.",
  runtime: fg.Runtime.Http,
  handler: "bootstrap",
  code: "./functions/board",
  memoryMb: 256,
  timeoutSeconds: 300,
  // The notes are in the memory of the one instance.
  maxInstances: 1,
  concurrency: 100,
});

const site = board.onHttp("site", {
  path: "/board",
  match: fg.HttpMatch.Prefix,
  auth: fg.HttpAuth.None,
  timeoutMs: 10_000,
});

const words = new fg.Function("words", {
  description: "Counts the words of a text, in shell.",
  runtime: fg.Runtime.Custom,
  handler: "bootstrap",
  code: "./functions/words",
  timeoutSeconds: 10,
});

export const url = site.url;
export const functionUrn = words.functionUrn;
