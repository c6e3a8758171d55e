import type { CommandModule } from "yargs";
import { eventTemplate, TEMPLATE_NAMES } from "../event-template.ts";
import { print } from "../terminal/screen.ts";

interface Options {
  source: string | undefined;
}

/** `fungraph events [source]`: sample events of every source, to try functions with (guide 3.4, table 3-23). */
export const eventsCommand: CommandModule<object, Options> = {
  command: "events [source]",
  describe: "Sample events of every source, to try functions with",
  builder: (yargs) =>
    yargs
      .positional("source", { type: "string", describe: "Print this one instead of the list" })
      .example("$0 events", "the sources that there are samples of")
      .example("$0 events obs > event.json", "take one as a start for an event of your own"),
  handler: ({ source }) => {
    if (source === undefined) print(TEMPLATE_NAMES.join("\n"));
    else print(JSON.stringify(eventTemplate(source), null, 2));
  },
};
