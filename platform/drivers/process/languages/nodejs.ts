import { realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { nearest, numbers, type Language } from "./language.ts";

/** The Node that runs the platform: it comes with the package. */
export const nodejs: Language = {
  family: "nodejs",
  choose: nearest,
  missing: (version) =>
    `No Node.js ${version} or newer was found on this machine. Start the platform with a newer one.`,
  find() {
    const program = realpathSync(process.execPath);
    const version = process.versions.node;
    return Promise.resolve([
      {
        family: "nodejs",
        name: `nodejs${numbers(version)[0]}`,
        version,
        program,
        prefix: dirname(dirname(program)),
        arguments: (image) => [join(image, "bootstrap.js")],
      },
    ]);
  },
};
