import { interpreted } from "./interpreted.ts";

export const nodejs = interpreted({
  family: "nodejs",
  ending: ".js",
  own: [process.execPath],
  programs: /^node/,
});
