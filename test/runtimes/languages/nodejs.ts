import { nodejs as installed } from "../../../platform/drivers/process/languages/nodejs.ts";
import { interpreted } from "./interpreted.ts";

export const nodejs = interpreted({
  family: "nodejs",
  ending: ".js",
  programs: () => installed.find(),
  missing: "Node.js 6 to 20: `fungraph runtimes install nodejs` brings them",
});
