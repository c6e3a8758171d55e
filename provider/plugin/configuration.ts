import { z } from "zod";
import { findDataFolder, isServing, readConnection } from "../../client/connection-file.ts";
import type { ClientOptions } from "../../client/transport.ts";
import { checkInputs } from "../input-check.ts";
import { type Place, type Properties, RefusedError } from "../resource.ts";
import { UNKNOWN } from "../unknown.ts";

/** What a stack may say about the platform: `pulumi config set fungraph:endpoint …`, or the arguments of `fg.Provider`. */
export const configurationSchema = z.strictObject({
  target: z
    .enum(["embedded", "docker", "kubernetes", "remote"])
    .optional()
    .describe("Where the platform runs."),
  endpoint: z
    .string()
    .optional()
    .describe("Address of the platform's API; FUNGRAPH_ENDPOINT where it is left out."),
  projectId: z.string().optional().describe("Project; FUNGRAPH_PROJECT where it is left out."),
  region: z
    .string()
    .optional()
    .describe(
      "Region in the URNs of the platform; only previews need it. FUNGRAPH_REGION where it is left out.",
    ),
  accessKey: z.string().optional().describe("Access key; FUNGRAPH_ACCESS_KEY where it is left out."),
  secretKey: z.string().optional().describe("Secret key; FUNGRAPH_SECRET_KEY where it is left out."),
});
type Given = z.infer<typeof configurationSchema>;

/** Settings whose change means another platform, on which nothing of the old one is. */
export const IDENTITY = ["projectId", "region"];
/** Settings that are never shown. */
export const SECRET_SETTINGS = ["secretKey"];

/** What the engine sends along without anybody having said it. */
const ENGINE_SETTINGS = ["version", "pluginDownloadURL", "pluginChecksums", "__internal"];

/** The settings without what the engine adds, and their faults. */
export function checkConfiguration(given: Properties): ReturnType<typeof checkInputs<Given>> {
  const own = Object.entries(given).filter(([name]) => !ENGINE_SETTINGS.includes(name));
  return checkInputs(
    { schema: configurationSchema, standIns: { target: "embedded" }, faults: () => [] },
    Object.fromEntries(own),
  );
}

const VARIABLES = {
  endpoint: "FUNGRAPH_ENDPOINT",
  projectId: "FUNGRAPH_PROJECT",
  region: "FUNGRAPH_REGION",
  accessKey: "FUNGRAPH_ACCESS_KEY",
  secretKey: "FUNGRAPH_SECRET_KEY",
} as const;
const NEEDED = ["endpoint", "projectId", "accessKey", "secretKey"] as const;

/** Which platform a stack means: its settings, else the environment, else the platform that serves the program's folder. */
export class Configuration {
  readonly #given: Given;
  readonly #folder: string;

  /** @param folder the program's folder */
  constructor(given: Given, folder: string) {
    const fromEnvironment = Object.entries(VARIABLES).flatMap(([name, variable]) => {
      const value = process.env[variable];
      return value === undefined ? [] : [[name, value] as const];
    });
    this.#given = { ...Object.fromEntries(fromEnvironment), ...given };
    this.#folder = folder;
  }

  /** The platform's own names as far as they are known without asking it; `UNKNOWN` for the rest. */
  place(): Place {
    const { endpoint, region, projectId } = this.#given;
    const here = endpoint === undefined ? this.#connection() : undefined;
    return {
      region: region ?? here?.region ?? UNKNOWN,
      projectId: projectId ?? here?.projectId ?? UNKNOWN,
    };
  }

  /**
   * Address and keys of the platform.
   * @throws RefusedError when nothing says where it is, or the keys are missing
   */
  options(): ClientOptions {
    if (this.#given.endpoint === undefined) return this.#embedded();
    if (NEEDED.some((name) => this.#given[name] === UNKNOWN))
      throw new RefusedError("Where the platform is gets known only when it is up: run `pulumi up` first.");
    const missing = NEEDED.filter((name) => this.#given[name] === undefined);
    if (missing.length > 0) throw new RefusedError(incomplete(this.#given.endpoint, missing));
    const { endpoint = "", projectId = "", accessKey = "", secretKey = "" } = this.#given;
    return { endpoint, projectId, accessKey, secretKey };
  }

  #embedded(): ClientOptions {
    if (this.#given.target === "docker")
      throw new RefusedError(
        "On the target docker the program itself declares its platform, and what is deployed onto it comes after. " +
          'Write new fg.Platform("platform", { runtimes: [fg.Runtime.NodeJs20] }) before everything else.',
      );
    if (this.#given.target !== undefined && this.#given.target !== "embedded")
      throw new RefusedError(
        `The target ${this.#given.target} needs the address of its platform. ` +
          "Type `pulumi config set fungraph:endpoint https://...`, or set FUNGRAPH_ENDPOINT.",
      );
    const here = this.#connection();
    if (here === undefined)
      throw new RefusedError(
        `No platform runs for ${this.#folder}. Start one there with \`npx fungraph platform start\` and run this again, ` +
          "or name one with `pulumi config set fungraph:endpoint https://...`.",
      );
    if (!isServing(here))
      throw new RefusedError(
        `The platform that served ${this.#folder} at ${here.endpoint} (process ${here.pid}) runs no longer. ` +
          "Start it again with `npx fungraph platform start` and run this again.",
      );
    return here;
  }

  #connection(): ReturnType<typeof readConnection> {
    const folder = findDataFolder(this.#folder);
    return folder === undefined ? undefined : readConnection(folder);
  }
}

function incomplete(endpoint: string, missing: readonly (keyof typeof VARIABLES)[]): string {
  const ways = missing.map((name) => {
    const secret = SECRET_SETTINGS.includes(name) ? "--secret " : "";
    return `\`pulumi config set ${secret}fungraph:${name} ...\` or ${VARIABLES[name]}`;
  });
  return `The platform at ${endpoint} needs ${missing.join(", ")} too: ${ways.join("; ")}.`;
}
