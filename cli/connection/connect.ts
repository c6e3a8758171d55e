import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Argv } from "yargs";
import { UserError } from "../exit.ts";
import { displayPath } from "../terminal/path.ts";
import { DATA_FOLDER, findDataFolder, isServing, readConnection } from "../../client/connection-file.ts";

/** Options of every command that speaks to a running platform. */
export interface ConnectionOptions {
  endpoint: string | undefined;
  project: string | undefined;
  accessKey: string | undefined;
  secretKey: string | undefined;
  data: string | undefined;
}

/** Where a platform is and who calls it. */
export interface Target {
  readonly endpoint: string;
  readonly projectId: string;
  readonly accessKey: string;
  readonly secretKey: string;
}

const GROUP = "Which platform (by default the one that runs in this folder):";

function optionOf(describe: string, variable?: string) {
  const told = variable === undefined ? describe : `${describe} [$${variable}]`;
  return { type: "string", group: GROUP, describe: told } as const;
}

/** Adds the options that say which platform is meant. */
export function withConnection<T>(yargs: Argv<T>): Argv<T & ConnectionOptions> {
  return yargs
    .option("endpoint", optionOf("Address", "FUNGRAPH_ENDPOINT"))
    .option("project", optionOf("Project id", "FUNGRAPH_PROJECT"))
    .option("access-key", optionOf("Access key", "FUNGRAPH_ACCESS_KEY"))
    .option("secret-key", optionOf("Secret key", "FUNGRAPH_SECRET_KEY"))
    .option("data", optionOf("Data folder of a platform on this machine")) as unknown as Argv<
    T & ConnectionOptions
  >;
}

/**
 * Finds the platform that is meant: by options, else by the environment, else by the file that a running platform
 * leaves in its data folder.
 * @throws UserError when none is named and none runs here, or when what is named is not whole
 */
export function findTarget(options: ConnectionOptions, from: string = process.cwd()): Target {
  const named = namedTarget(options);
  if (named !== undefined) return named;
  const folder = options.data === undefined ? findDataFolder(from) : dataFolder(options.data);
  const connection = folder === undefined ? undefined : readConnection(folder);
  if (connection === undefined || folder === undefined) {
    throw new UserError(
      options.data === undefined
        ? "No platform runs in this folder or above it. Start one with: fungraph dev FOLDER\nor name one with --endpoint, --project, --access-key and --secret-key."
        : `No platform has written to "${options.data}". Start one with: fungraph platform start --data ${options.data}`,
    );
  }
  if (!isServing(connection)) {
    throw new UserError(
      `${displayPath(join(folder, "connection.json"))} is stale: the platform that left it (process ${connection.pid}) runs no longer. Start it again with: fungraph dev FOLDER`,
    );
  }
  return connection;
}

function dataFolder(given: string): string {
  return existsSync(join(given, "connection.json")) ? given : join(given, DATA_FOLDER);
}

function namedTarget(options: ConnectionOptions): Target | undefined {
  const { env } = process;
  const endpoint = options.endpoint ?? env["FUNGRAPH_ENDPOINT"];
  if (endpoint === undefined || (options.endpoint === undefined && options.data !== undefined))
    return undefined;
  const parts = {
    projectId: options.project ?? env["FUNGRAPH_PROJECT"],
    accessKey: options.accessKey ?? env["FUNGRAPH_ACCESS_KEY"],
    secretKey: options.secretKey ?? env["FUNGRAPH_SECRET_KEY"],
  };
  const { projectId, accessKey, secretKey } = parts;
  if (projectId !== undefined && accessKey !== undefined && secretKey !== undefined)
    return { endpoint, projectId, accessKey, secretKey };
  const flags = { projectId: "--project", accessKey: "--access-key", secretKey: "--secret-key" };
  const missing = Object.entries(flags).flatMap(([key, flag]) =>
    parts[key as keyof typeof parts] === undefined ? [flag] : [],
  );
  throw new UserError(
    `The platform at ${endpoint} needs ${missing.join(", ")} too (or FUNGRAPH_PROJECT, FUNGRAPH_ACCESS_KEY, FUNGRAPH_SECRET_KEY in the environment).`,
  );
}
