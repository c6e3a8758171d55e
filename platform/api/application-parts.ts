import type { Fault } from "../../model/fault.ts";
import { LIMITS } from "../../model/limits.ts";
import type { ApplicationRequest } from "../../model/wire/application.ts";
import type { ApplicationRecord, ApplicationResource } from "../store/applications.ts";
import type { FunctionRecord } from "../store/functions.ts";
import {
  type ApplicationTemplate,
  filledIn,
  sourceOf,
  type TemplateFunction,
} from "../templates/application-templates.ts";
import { createFunction } from "./functions.ts";
import type { ApiContext, Call } from "./operation.ts";
import { createFunctionTrigger } from "./triggers.ts";

/** What a template makes, before it is made. */
export function plannedResources({ functions }: ApplicationTemplate): ApplicationResource[] {
  return functions.flatMap(({ name, triggers }) => [
    { kind: "function" as const, name, functionName: name },
    ...triggers.map((trigger) => ({ kind: "trigger" as const, name: trigger.name, functionName: name })),
  ]);
}

/** The template's parameters with the values given for them; faults for missing and unknown ones. */
export function parameterValues(
  template: ApplicationTemplate,
  request: ApplicationRequest,
): Record<string, string> | Fault[] {
  const names = template.parameters.map((one) => one.name);
  const faults = Object.keys(request.parameters)
    .filter((name) => !names.includes(name))
    .map((name) =>
      fault(name, `is no parameter of the template; it has ${names.join(", ")}`, "Leave it out."),
    );
  const values: Record<string, string> = { application: request.name };
  for (const { name, description, default: otherwise } of template.parameters) {
    const value = Object.hasOwn(request.parameters, name) ? request.parameters[name] : otherwise;
    if (value === undefined || value === "")
      faults.push(fault(name, `is needed: ${description}`, "Give a value."));
    else values[name] = value;
  }
  return faults.length > 0 ? faults : values;
}

function fault(name: string, rule: string, fix: string): Fault {
  return { property: `params.${name}`, rule, fix, code: "FSS.0400" };
}

/** Makes functions and triggers by the very operations that a client would call. */
export class Builder {
  readonly #call: Call;
  readonly #context: ApiContext;
  readonly #request: ApplicationRequest;
  readonly made: ApplicationResource[] = [];

  constructor(call: Call, context: ApiContext, request: ApplicationRequest) {
    this.#call = call;
    this.#context = context;
    this.#request = request;
  }

  async build(template: ApplicationTemplate, values: Readonly<Record<string, string>>): Promise<void> {
    for (const one of template.functions) {
      await this.#function(filledIn(one, values), template, sourceOf(template, one));
    }
  }

  async #function(one: TemplateFunction, { runtime }: ApplicationTemplate, source: Buffer): Promise<void> {
    const { name: application, agency } = this.#request;
    const body = {
      func_name: one.name,
      package: application,
      runtime,
      handler: one.handler,
      description: one.description,
      timeout: LIMITS.timeoutSeconds.default,
      memory_size: LIMITS.memorySizesMb[0],
      code_type: "inline",
      func_code: { file: source.toString("base64") },
      user_data: JSON.stringify(one.userData),
      encrypted_user_data: JSON.stringify(one.encryptedUserData),
      app_xrole: agency,
    };
    const { body: reply } = await createFunction({ ...this.#call, body }, this.#context);
    this.made.push({ kind: "function", name: one.name, functionName: one.name, id: field(reply, "func_id") });
    for (const trigger of one.triggers) this.#trigger(trigger, one.name);
  }

  #trigger({ name, type, data }: TemplateFunction["triggers"][number], functionName: string): void {
    const body = { trigger_type_code: type, trigger_status: "ACTIVE", event_data: data };
    const parameters = { ...this.#call.parameters, function_urn: `${this.#request.name}:${functionName}` };
    const { body: reply } = createFunctionTrigger({ ...this.#call, parameters, body }, this.#context);
    this.made.push({ kind: "trigger", name, functionName, id: field(reply, "trigger_id") });
  }
}

function field(reply: unknown, name: string): string {
  return String((reply as Record<string, unknown>)[name]);
}

/** The function that a resource is or calls; none when it was deleted, or is another of the same name by now. */
export function functionOf(
  { projectId, name }: Pick<ApplicationRecord, "projectId" | "name">,
  { kind, functionName, id }: ApplicationResource,
  { store }: ApiContext,
): FunctionRecord | undefined {
  const found = store.functions.find({ projectId, package: name, name: functionName });
  return kind === "trigger" || id === undefined || id === found?.id ? found : undefined;
}

/** Deletes an application's functions, and with them their triggers. */
export function removeResources(
  application: Pick<ApplicationRecord, "projectId" | "name">,
  resources: readonly ApplicationResource[],
  context: ApiContext,
): void {
  for (const one of resources) {
    const found = one.kind === "function" ? functionOf(application, one, context) : undefined;
    if (found !== undefined) context.store.functions.delete(found.key);
  }
}
