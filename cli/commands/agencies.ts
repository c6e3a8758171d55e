import type { CommandModule } from "yargs";
import { checkAgency } from "../../model/agency.ts";
import { type Role, ROLES } from "../../model/api/access.ts";
import { formatFault } from "../../model/fault.ts";
import { type ConnectionOptions, withConnection } from "../connection/connect.ts";
import { withClient } from "../connection/with-client.ts";
import { UserError } from "../exit.ts";
import { note, print, printJson } from "../terminal/screen.ts";
import { renderTable } from "../terminal/table.ts";

interface Options extends ConnectionOptions {
  json: boolean;
}

interface OneOptions extends ConnectionOptions {
  name: string;
}

/** `fungraph agencies`: the roles that functions act in (guide 3.3.3). */
export const agenciesCommand: CommandModule<object, Options> = {
  command: "agencies",
  describe: "List, make and delete the agencies that functions act as",
  builder: (yargs) =>
    withConnection(yargs)
      .option("json", { type: "boolean", default: false, describe: "Print JSON" })
      .command(putCommand)
      .command(deleteCommand)
      .example("$0 agencies", "all of the project")
      .example(
        '$0 agencies put caller "FunctionGraph CommonOperations"',
        "make one, or give it another role",
      ),
  handler: (options) =>
    withClient(options, async (client) => {
      const agencies = await client.agencies.list();
      if (options.json) printJson(agencies);
      else if (agencies.length === 0) note("The project has no agencies.");
      else
        print(
          renderTable(
            ["Agency", "Role"],
            agencies.map(({ name, role }) => [name, role]),
          ),
        );
    }),
};

const putCommand: CommandModule<object, OneOptions & { role: string }> = {
  command: "put <name> <role>",
  describe: "Make an agency, or give the one of that name another role",
  builder: (yargs) =>
    withConnection(yargs)
      .positional("name", { type: "string", demandOption: true, describe: "Name of the agency" })
      .positional("role", {
        type: "string",
        demandOption: true,
        describe: `What it may do: ${Object.keys(ROLES).join(", ")}`,
      }),
  handler: (options) => {
    const { name, role } = options;
    const faults = checkAgency({ name, role });
    if (faults.length > 0) throw new UserError(faults.map(formatFault).join("\n"));
    return withClient(options, async (client) => {
      await client.agencies.put({ name, role: role as Role });
      note(`The agency ${name} has the role ${role}.`);
    });
  },
};

const deleteCommand: CommandModule<object, OneOptions> = {
  command: "delete <name>",
  describe: "Delete an agency, which voids all that it has lent",
  builder: (yargs) =>
    withConnection(yargs).positional("name", {
      type: "string",
      demandOption: true,
      describe: "Name of the agency",
    }),
  handler: (options) =>
    withClient(options, async (client) => {
      await client.agencies.delete(options.name);
      note(`The agency ${options.name} is gone.`);
    }),
};
