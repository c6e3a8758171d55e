import { z } from "zod";
import { type AgencySpec, checkAgency } from "../model/agency.ts";
import { diffProperties, type DiffRules } from "./diff.ts";
import { checkInputs, type InputRules } from "./input-check.ts";
import { unlessMissing } from "./missing.ts";
import { mayTakeOver } from "./owner.ts";
import { type Context, RefusedError, type ResourceLogic } from "./resource.ts";

/** An agency as it was last applied. */
interface AgencyState extends AgencySpec {
  readonly agencyName: string;
}

const schema = {
  inputs: z.strictObject({
    name: z.string().describe("Name of the agency."),
    role: z.string().describe("What whoever acts as the agency may do."),
  }),
  outputs: z.object({ agencyName: z.string().describe("Name of the agency: what functions name.") }),
};

const rules: InputRules<AgencySpec> = {
  schema: schema.inputs as unknown as z.ZodType<AgencySpec>,
  standIns: { name: "agency", role: "FunctionGraph ReadOnlyAccess" },
  faults: checkAgency,
};

const differ: DiffRules = { inputs: ["name", "role"], replace: ["name"], identity: ["name"] };

/** Makes agencies and changes their roles. The name is the id: a project has one agency of a name. */
export const agencyLogic: ResourceLogic<AgencySpec, AgencyState> = {
  about: "A role that functions act in, with keys that their code is lent.",
  schema,
  fixed: differ.replace,
  secrets: [],
  check: (given) => checkInputs(rules, given),
  diff: (old, next) => diffProperties(differ, old, next),
  predict: ({ name }) => ({ agencyName: name }),

  async create(context, { name, role }) {
    const found = await find(context, name);
    const thing = { kind: "agency", name } as const;
    if (found !== undefined && !(await mayTakeOver(context, thing, found.role === role))) throw taken(found);
    await context.client.agencies.put({ name, role });
    return { id: name, state: { name, role, agencyName: name } };
  },

  async read(context, id) {
    const found = await find(context, id);
    return found && { id, state: { ...found, agencyName: id } };
  },

  async update(context, id, _old, { name, role }) {
    await context.client.agencies.put({ name, role });
    return { name, role, agencyName: id };
  },

  async delete(context, id) {
    await unlessMissing(context.client.agencies.delete(id));
  },
};

async function find({ client }: Context, name: string): Promise<AgencySpec | undefined> {
  return (await client.agencies.list()).find((one) => one.name === name);
}

function taken({ name, role }: AgencySpec): RefusedError {
  return new RefusedError(
    `Agency ${JSON.stringify(name)}: the project has an agency of that name already, with the role ${role}. ` +
      `Choose another agencyName, or take it over: \`pulumi import fungraph:index:Agency NAME ${name}\`. (FSS.0409)`,
  );
}
