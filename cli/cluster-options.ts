import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Argv } from "yargs";
import type { ClusterConfig } from "../platform/main.ts";
import { UserError } from "./exit.ts";

/** How a platform of several processes is told to each of them. */
export interface ClusterOptions {
  readonly role: "all" | ClusterConfig["role"];
  readonly database: string | undefined;
  readonly databaseFile: string | undefined;
  readonly keyFile: string | undefined;
  readonly logs: string | undefined;
  readonly files: string | undefined;
}

const GROUP = "One of several processes (over PostgreSQL):";
const OPTIONS = {
  role: {
    choices: ["all", "gateway", "scheduler"],
    default: "all",
    group: GROUP,
    describe: "What this process does: everything, serve callers, or run instances and lead",
  },
  database: { type: "string", group: GROUP, describe: "postgresql://user:password@host:port/database" },
  "database-file": {
    type: "string",
    group: GROUP,
    describe: "File with that address, which other users do not see in the list of processes",
  },
  "key-file": {
    type: "string",
    group: GROUP,
    describe: "File with the key of secrets, 32 bytes, the same for all: head -c 32 /dev/urandom",
  },
  logs: { type: "string", group: GROUP, describe: "Folder that all share for the logs of functions" },
  files: {
    type: "string",
    group: GROUP,
    describe: "Folder that all schedulers with --driver docker share, for file systems of functions",
  },
} as const;

/** Adds the options of a process that is one of several. */
export function clusterOptions<T>(yargs: Argv<T>): Argv<T & ClusterOptions> {
  // The types of yargs know no option by its name in camel case.
  return yargs.options(OPTIONS) as unknown as Argv<T & ClusterOptions>;
}

/** What the options say of the others; undefined for a platform in one process. @throws UserError with all that is wrong */
export function readCluster(options: ClusterOptions): ClusterConfig | undefined {
  const { role, keyFile, logs, files } = options;
  const faults = role === "all" ? strayFaults(options) : missingFaults(options);
  if (faults.length > 0) throw new UserError(faults.join("\n"));
  if (role === "all" || keyFile === undefined || logs === undefined) return undefined;
  return {
    role,
    database: readDatabase(options),
    keyFile: resolve(keyFile),
    logsDir: resolve(logs),
    filesDir: files && resolve(files),
  };
}

function strayFaults({ database, databaseFile, keyFile, logs, files }: ClusterOptions): string[] {
  const given = {
    "--database": database,
    "--database-file": databaseFile,
    "--key-file": keyFile,
    "--logs": logs,
    "--files": files,
  };
  return Object.entries(given)
    .filter(([, value]) => value !== undefined)
    .map(
      ([name]) =>
        `${name} is for one of several processes. Add --role gateway or --role scheduler, or leave it out.`,
    );
}

function missingFaults({ role, database, databaseFile, keyFile, logs }: ClusterOptions): string[] {
  const why = `--role ${role} makes this process one of several`;
  const faults: string[] = [];
  if (database === undefined && databaseFile === undefined)
    faults.push(`${why}: name their PostgreSQL with --database-file, or --database.`);
  if (database !== undefined && databaseFile !== undefined)
    faults.push("--database and --database-file both name a database. Give one of them.");
  if (keyFile === undefined)
    faults.push(`${why}: give all of them the same --key-file. Make one with head -c 32 /dev/urandom > key.`);
  else if (!existsSync(keyFile))
    faults.push(`There is no key file ${keyFile}. Make one with head -c 32 /dev/urandom > ${keyFile}.`);
  if (logs === undefined) faults.push(`${why}: name the folder that all share for logs with --logs.`);
  return faults;
}

function readDatabase({ database, databaseFile = "" }: ClusterOptions): string {
  const text = database ?? readText(databaseFile);
  // A user before a Unix socket, `postgresql://me@/database?host=/run/postgresql`, is PostgreSQL's own way to write an address.
  if (/^postgres(ql)?:\/\/\S+$/.test(text)) return text;
  // The address holds a password: it is not shown.
  const where = database === undefined ? `The file ${databaseFile} of --database-file` : "--database";
  throw new UserError(
    `${where} holds no address of a PostgreSQL database. Write postgresql://user:password@host:port/database.`,
  );
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch (error) {
    throw new UserError(`--database-file ${file} cannot be read: ${(error as Error).message}.`);
  }
}
