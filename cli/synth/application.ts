import { relative } from "node:path";
import { resources } from "../../provider/resources.ts";
import { UNKNOWN } from "../../provider/unknown.ts";
import { hideSecrets } from "../../provider/values.ts";
import { Plan } from "../apply/plan.ts";
import { evaluate } from "../evaluate/evaluation.ts";
import type { Registration } from "../evaluate/messages.ts";
import type { Project } from "../evaluate/project.ts";

/** Words that stand for the platform's own in URNs. */
const NOWHERE = { region: "region", projectId: "project" };

/** A declared application as plain data: the same program gives the same bytes on every machine. */
interface Application {
  readonly project: string;
  readonly stack: string;
  readonly resources: readonly DeclaredResource[];
  readonly outputs: Record<string, unknown>;
}

interface DeclaredResource {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
  /** `type name` of the resources it needs. */
  readonly dependencies: readonly string[];
}

/**
 * Runs the program with predicted outputs and returns what it declares, as sorted JSON text.
 * @throws ProgramError when the program is wrong
 */
export async function synthesize(project: Project): Promise<string> {
  const registrations: Registration[] = [];
  const plan = new Plan(resources, NOWHERE);
  const evaluated = await evaluate(project, {
    preview: true,
    register: async (registration) => {
      registrations.push(registration);
      return plan.register(registration);
    },
  });
  plan.refuseFaults();
  const names = new Map(registrations.map((each) => [each.urn, label(each)]));
  const application: Application = {
    project: project.program.project,
    stack: project.program.stack,
    resources: registrations.map((each) => declared(each, names)).sort((a, b) => compare(label(a), label(b))),
    outputs: hideSecrets(evaluated.outputs, evaluated.secretOutputs),
  };
  return `${JSON.stringify(tidy(application, project.folder), null, 2)}\n`;
}

function declared(registration: Registration, names: ReadonlyMap<string, string>): DeclaredResource {
  return {
    type: registration.type,
    name: registration.name,
    inputs: hideSecrets(registration.inputs, registration.secrets),
    dependencies: registration.dependencies.flatMap((urn) => names.get(urn) ?? []).sort(compare),
  };
}

function label(resource: { readonly type: string; readonly name: string }): string {
  return `${resource.type} ${resource.name}`;
}

/** Plain order of code units: the same in every locale. */
function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** Sorts every object's keys, names what only the platform will know, and makes paths below the program's folder relative. */
function tidy(value: unknown, folder: string): unknown {
  if (value === UNKNOWN) return "(known when deployed)";
  if (typeof value === "string")
    return value.startsWith(`${folder}/`) ? `./${relative(folder, value)}` : value;
  if (Array.isArray(value)) return value.map((item) => tidy(item, folder));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => compare(a, b));
  return Object.fromEntries(entries.map(([key, item]) => [key, tidy(item, folder)]));
}
