import type { CommandModule } from "yargs";
import { Client } from "../../client/client.ts";
import type { SourceData } from "../../model/event-source.ts";
import { findEventSource } from "../../model/event-sources.ts";
import { isGateway, type ApigEventData, type TimerEventData } from "../../model/trigger.ts";
import type { FunctionReply } from "../../model/wire/function.ts";
import type { TriggerReply } from "../../model/wire/trigger.ts";
import { findTarget, withConnection, type ConnectionOptions } from "../connection/connect.ts";
import { Observer } from "../connection/observer.ts";
import { formatAge } from "../terminal/measure.ts";
import { note, print, printJson } from "../terminal/screen.ts";
import { renderTable } from "../terminal/table.ts";

interface Options extends ConnectionOptions {
  json: boolean;
}

/** One function with everything that hangs on it. */
interface Listed {
  readonly name: string;
  readonly package: string;
  readonly runtime: string;
  readonly memoryMb: number;
  readonly modifiedAt: number;
  readonly versions: readonly string[];
  readonly aliases: readonly string[];
  readonly triggers: readonly string[];
  readonly instances: number;
}

/** `fungraph ls`: the functions of a platform. */
export const lsCommand: CommandModule<object, Options> = {
  command: ["ls", "list"],
  describe: "List functions with their versions, aliases, triggers and instances",
  builder: (yargs) =>
    withConnection(yargs)
      .option("json", { type: "boolean", default: false, describe: "Print JSON" })
      .example("$0 ls", "list the platform that runs in this folder")
      .example("$0 ls --json", "for scripts"),
  handler: async (options) => {
    const target = findTarget(options);
    const client = new Client(target);
    const observer = new Observer(target);
    try {
      const listed = await list(client, observer);
      if (options.json) printJson(listed);
      else tell(listed);
    } finally {
      client.close();
      observer.close();
    }
  },
};

async function list(client: Client, observer: Observer): Promise<Listed[]> {
  const [functions, instances] = await Promise.all([client.functions.list(), observer.instances()]);
  const listed = await Promise.all(
    functions.map(async (each) => ({
      ...(await describe(client, each)),
      instances: instances.filter((instance) => instance.target.startsWith(`${each.id}:`)).length,
    })),
  );
  return listed.sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function describe(client: Client, each: FunctionReply): Promise<Omit<Listed, "instances">> {
  const [versions, aliases, triggers] = await Promise.all([
    client.versions.list(each.urn),
    client.aliases.list(each.urn),
    // Without a version in the URN also those of versions and aliases.
    client.triggers.list(`${each.spec.package}:${each.spec.name}`),
  ]);
  return {
    name: each.spec.name,
    package: each.spec.package,
    runtime: each.spec.runtime,
    memoryMb: each.spec.memoryMb,
    modifiedAt: each.modifiedAt,
    versions: versions.map((version) => version.version),
    aliases: aliases.map(
      ({ spec }) =>
        `${spec.name} → ${spec.version}${spec.additional === undefined ? "" : `, ${spec.additional.version} (${spec.additional.weight} %)`}`,
    ),
    triggers: triggers.map(describeTrigger),
  };
}

function describeTrigger(trigger: TriggerReply): string {
  const { type, eventData, status } = trigger.spec;
  const off = status === "DISABLED" ? " (off)" : "";
  if (isGateway(type))
    return `${(eventData as ApigEventData).req_method} ${trigger.url ?? (eventData as ApigEventData).path}${off}`;
  const source = findEventSource(type);
  if (source === undefined) return `${(eventData as TimerEventData).schedule}${off}`;
  const which = source.identity.map((name) => (eventData as SourceData)[name]).filter(Boolean);
  return `${type} ${which.join(" ")}${off}`;
}

function tell(listed: readonly Listed[]): void {
  if (listed.length === 0) {
    note("No functions are deployed.");
    return;
  }
  const rows = listed.flatMap((each) => {
    const main = [
      each.name,
      each.runtime,
      `${each.memoryMb} MB`,
      String(each.instances),
      formatAge(each.modifiedAt),
    ];
    const height = Math.max(1, each.versions.length, each.aliases.length, each.triggers.length);
    return Array.from({ length: height }, (_, line) => [
      ...main.map((cell) => (line === 0 ? cell : "")),
      each.versions[line] ?? "",
      each.aliases[line] ?? "",
      each.triggers[line] ?? "",
    ]);
  });
  print(
    renderTable(
      ["Function", "Runtime", "Memory", "Instances", "Changed", "Versions", "Aliases", "Triggers"],
      rows,
    ),
  );
}
