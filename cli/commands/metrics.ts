import type { CommandModule } from "yargs";
import { findTarget, withConnection, type ConnectionOptions } from "../connection/connect.ts";
import { Observer, type MetricPoint } from "../connection/observer.ts";
import { formatDuration } from "../terminal/measure.ts";
import { note, print, printJson } from "../terminal/screen.ts";
import { renderTable } from "../terminal/table.ts";

interface Options extends ConnectionOptions {
  name: string;
  minutes: number;
  json: boolean;
}

/** `fungraph metrics NAME`: how often a function was called, and how long it took. */
export const metricsCommand: CommandModule<object, Options> = {
  command: "metrics <name>",
  describe: "Show calls, failures and durations of a function, minute by minute",
  builder: (yargs) =>
    withConnection(yargs)
      .positional("name", {
        type: "string",
        demandOption: true,
        describe: "Name of the function, or its URN",
      })
      .option("minutes", { alias: "n", type: "number", default: 60, describe: "How far to look back" })
      .option("json", { type: "boolean", default: false, describe: "Print JSON" })
      .example("$0 metrics watermark --minutes 10", "the last ten minutes"),
  handler: async (options) => {
    const observer = new Observer(findTarget(options));
    try {
      const points = await observer.metrics(options.name, Date.now() - options.minutes * 60_000);
      if (options.json) printJson(points);
      else tell(points, options);
    } finally {
      observer.close();
    }
  },
};

function tell(points: readonly MetricPoint[], { name, minutes }: Options): void {
  if (points.length === 0) {
    note(`${name} was not called in the last ${minutes} minutes.`);
    return;
  }
  const rows = points.map((point) => [
    new Date(point.time).toISOString().slice(11, 16),
    point.version,
    String(point.count),
    String(point.failcount),
    String(point.rejectcount),
    formatDuration(point.duration),
    formatDuration(point.maxDuration),
    String(point.concurrency),
  ]);
  print(
    renderTable(["UTC", "Version", "Calls", "Failed", "Rejected", "Average", "Longest", "At once"], rows),
  );
}
