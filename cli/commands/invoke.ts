import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import type { CommandModule } from "yargs";
import { Client } from "../../client/client.ts";
import type { Invocation } from "../../client/invocations.ts";
import { findTarget, withConnection, type ConnectionOptions } from "../connection/connect.ts";
import { qualifiedName } from "../connection/function-name.ts";
import { savedEvent } from "../connection/saved-event.ts";
import { eventTemplate } from "../event-template.ts";
import { ExitCode, UserError } from "../exit.ts";
import { formatDuration } from "../terminal/measure.ts";
import { note, print } from "../terminal/screen.ts";
import { paint } from "../terminal/style.ts";

interface Options extends ConnectionOptions {
  name: string;
  event: string | undefined;
  "event-file": string | undefined;
  template: string | undefined;
  "test-event": string | undefined;
  qualifier: string | undefined;
  async: boolean;
  log: boolean;
  memory: number | undefined;
}

/** `fungraph invoke NAME`: calls a function and prints its result. */
export const invokeCommand: CommandModule<object, Options> = {
  command: "invoke <name>",
  describe: "Call a function and print its result",
  builder: (yargs) =>
    withConnection(yargs)
      .positional("name", {
        type: "string",
        demandOption: true,
        describe: "Name of the function, or its URN",
      })
      .option("event", {
        alias: "e",
        type: "string",
        // Without it, a lone - is taken for another option.
        nargs: 1,
        describe: "Event as JSON; - reads it from standard input [{}]",
      })
      .option("event-file", {
        alias: "f",
        type: "string",
        conflicts: "event",
        describe: "File that holds the event as JSON",
      })
      .option("template", {
        alias: "t",
        type: "string",
        conflicts: ["event", "event-file"],
        describe: "Source whose sample event is sent: obs, timer … (fungraph events lists them)",
      })
      .option("test-event", {
        type: "string",
        conflicts: ["event", "event-file", "template"],
        describe: "Test event that was saved with the function",
      })
      .option("qualifier", { alias: "q", type: "string", describe: "Version or alias to call [latest]" })
      .option("async", {
        type: "boolean",
        default: false,
        describe: "Leave the event and do not wait for the result",
      })
      .option("log", {
        alias: "l",
        type: "boolean",
        default: false,
        describe: "Show the end of the call's log",
      })
      .option("memory", {
        alias: "m",
        type: "number",
        describe: "Memory in MB, where the function lets callers choose",
      })
      .example("$0 invoke report -e '{\"day\":1}'", "call it")
      .example("$0 invoke report -f event.json --log", "with an event from a file, and its log")
      .example("$0 invoke resize --template obs", "with an event as OBS would send it")
      .example("echo '{}' | $0 invoke report -e - -q prod", "call what the alias prod points to"),
  handler: async (options) => {
    if (options.async && (options.log || options.memory !== undefined)) {
      throw new UserError(
        "--async returns before the call runs, so --log and --memory do not go with it. Leave one of them out.",
      );
    }
    const target = findTarget(options);
    const client = new Client(target);
    try {
      const event = await readEvent(options, client);
      const name = await qualifiedName(client, target.projectId, options.name, options.qualifier);
      if (options.async) print(await client.invocations.invokeAsync(name, event));
      else tell(await client.invocations.invoke(name, event, callOptions(options)), options.log);
    } finally {
      client.close();
    }
  },
};

function callOptions({ log, memory }: Options): { tail: boolean; memoryMb?: number } {
  return { tail: log, ...(memory !== undefined && { memoryMb: memory }) };
}

async function readEvent(options: Options, client: Client): Promise<string> {
  const { event, "event-file": eventFile, template, "test-event": saved } = options;
  if (template !== undefined) return JSON.stringify(eventTemplate(template));
  if (saved !== undefined) return savedEvent(client, options.name, saved);
  const given =
    eventFile !== undefined
      ? await readEventFile(eventFile)
      : event === "-"
        ? await text(process.stdin)
        : (event ?? "{}");
  try {
    JSON.parse(given);
    return given;
  } catch (error) {
    throw new UserError(
      `The event is not JSON: ${(error as Error).message}. Example: --event '{"name":"world"}'`,
    );
  }
}

async function readEventFile(path: string): Promise<string> {
  return await readFile(path, "utf8").catch((error: Error) => {
    throw new UserError(`The event cannot be read: ${error.message}.`);
  });
}

/** The result alone goes to standard output, so that it can be piped on. */
function tell(invocation: Invocation, log: boolean): void {
  if (log) for (const line of invocation.log.trimEnd().split("\n")) note(paint("dim", line, process.stderr));
  print(invocation.result.toString("utf8"));
  const { summary, requestId } = invocation;
  if (invocation.failed) {
    note(
      `${paint("red", "✗", process.stderr)} The function failed (code ${invocation.errorCode}, request ${requestId}).`,
    );
    process.exitCode = ExitCode.Mistake;
  } else if (process.stderr.isTTY && summary !== undefined) {
    note(
      paint(
        "dim",
        `${formatDuration(summary.duration)}, ${summary.memoryUsed.toFixed(0)} of ${summary.memorySize} MB, request ${requestId}`,
        process.stderr,
      ),
    );
  }
}
