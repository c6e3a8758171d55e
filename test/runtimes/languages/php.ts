import { join } from "node:path";
import { php as installed } from "../../../platform/drivers/process/languages/php.ts";
import { copySources, IMAGES, type Language } from "./language.ts";

/** Every PHP on PATH that the process driver would take. */
export const php: Language = {
  family: "php",
  handler: (name) => name,
  putCode: (id, folder) => copySources("php", { id, ending: ".php" }, folder),
  async subjects() {
    const found = await installed.find();
    return {
      found: found.map((one) => ({
        title: `php ${one.version}`,
        command: one.program,
        // The machine's own settings: there is no sandbox that hides them.
        args: one.arguments(join(IMAGES, "php"), "/").slice(0, 2),
      })),
      missing: found.length === 0 ? [`php: ${installed.missing("8.3")}`] : [],
    };
  },
};
