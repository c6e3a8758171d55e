import { formatFunctionUrn } from "../../model/names.ts";
import { type ApigEventData, isGateway } from "../../model/trigger.ts";
import { applicationFromWire, type ApplicationRequest } from "../../model/wire/application.ts";
import type { ApplicationRecord, ApplicationResource } from "../store/applications.ts";
import type { TriggerRecord } from "../store/triggers.ts";
import { accept } from "./accept.ts";
import { ApiError } from "./api-error.ts";
import {
  Builder,
  functionOf,
  parameterValues,
  plannedResources,
  removeResources,
} from "./application-parts.ts";
import { NO_CONTENT, ok, type ApiContext, type Call, type Reply, type Operations } from "./operation.ts";
import { pageOf } from "./page.ts";
import { shown } from "./target.ts";
import { applicationTemplateOf } from "./templates.ts";

/**
 * Makes the functions and triggers of a template, all or none; its functions are in the package of the application's name.
 * Off the cloud there are no enterprise projects: that field is passed over.
 */
async function createFunctionApp(call: Call, context: ApiContext): Promise<Reply> {
  const { applications } = context.store;
  const request = accept(applicationFromWire(call.body));
  const template = applicationTemplateOf(request.templateId);
  const values = accept(parameterValues(template, request));
  const resources = plannedResources(template);
  checkFree(request, resources, call, context);
  const { name, description, templateId } = request;
  const application = applications.begin({
    projectId: call.projectId,
    name,
    description,
    templateId,
    resources,
  });
  const builder = new Builder(call, context, request);
  try {
    await builder.build(template, values);
    applications.complete(application.id, builder.made);
  } catch (error) {
    removeResources(application, builder.made, context);
    applications.delete(application.id);
    throw error;
  }
  return ok({ application_id: application.id });
}

/** Deleting the application deletes its functions, so they must all be its own. */
function checkFree(
  { name }: ApplicationRequest,
  resources: readonly ApplicationResource[],
  { projectId }: Call,
  { store }: ApiContext,
): void {
  if (store.applications.list(projectId).some((one) => one.name === name)) {
    throw new ApiError("FSS.0409", `The application ${shown(name)} exists already. Choose another name.`);
  }
  const taken = resources.find(
    ({ kind, functionName }) =>
      kind === "function" &&
      store.functions.find({ projectId, package: name, name: functionName }) !== undefined,
  );
  if (taken === undefined) return;
  throw new ApiError(
    "FSS.1061",
    `The package ${shown(name)} has a function "${taken.functionName}" already. Choose another name for the application.`,
  );
}

/** Query: `marker`, `limit`. By name. */
function listFunctionApplications(call: Call, context: ApiContext): Reply {
  const page = pageOf(context.store.applications.list(call.projectId), call.query, "limit");
  return ok({
    applications: page.items.map((one) => ({
      id: one.id,
      name: one.name,
      status: one.status,
      last_modified_time: Math.floor(one.modifiedAt / 1000),
      description: one.description,
    })),
    next_marker: page.nextMarker,
    count: page.count,
  });
}

/** With its functions and triggers as `stack_resources`, an array; there is no repository and no pipeline off the cloud. */
function showFunctionApp(call: Call, context: ApiContext): Reply {
  const application = applicationOf(call, context);
  const { id, name, description, status, resources, modifiedAt } = application;
  return ok({
    name,
    description,
    status,
    last_modified_time: Math.floor(modifiedAt / 1000),
    stack_id: id,
    stack_name: name,
    stack_resources: resources.map((one) => resourceToWire(one, application, context)),
    repo_name: "",
    repo: { https_url: "", web_url: "", repo_status: "", error_msg: "", project_id: "" },
    pipeline_id: "",
    project_id: application.projectId,
    apig_url: addressOf(application, call, context),
  });
}

/** Deletes its functions with their versions, aliases and triggers, then the application. */
function deleteFunctionApp(call: Call, context: ApiContext): Reply {
  const application = applicationOf(call, context);
  if (application.status === "creating") {
    throw new ApiError(
      "FSS.0409",
      `The application ${shown(application.name)} is being created. Delete it in a moment.`,
    );
  }
  removeResources(application, application.resources, context);
  context.store.applications.delete(application.id);
  return NO_CONTENT;
}

function applicationOf(call: Call, { store }: ApiContext): ApplicationRecord {
  const id = call.parameters["id"] ?? "";
  const found = store.applications.find(call.projectId, id);
  if (found !== undefined) return found;
  throw new ApiError(
    "FSS.0404",
    `There is no application ${shown(id)}. List the applications to see their ids.`,
  );
}

function resourceToWire(
  one: ApplicationResource,
  application: ApplicationRecord,
  context: ApiContext,
): Record<string, unknown> {
  const { id = "" } = one;
  const record = functionOf(application, one, context);
  const urn =
    record && formatFunctionUrn({ region: context.place.region, ...record.key, version: record.version });
  const there =
    one.kind === "function" ? record !== undefined : context.store.triggers.find(id) !== undefined;
  return {
    physical_resource_id: one.kind === "function" ? (urn ?? "") : id,
    physical_resource_name: one.name,
    logical_resource_name: one.name,
    logical_resource_type: one.kind === "function" ? "huaweicloud_fgs_function" : "huaweicloud_fgs_trigger",
    resource_status: there ? "CREATION_COMPLETE" : "DELETION_COMPLETE",
    status_message: there ? "" : "It was deleted, or never made.",
    href: "",
    display_name: "FunctionGraph",
  };
}

/** Address of its first gateway trigger; empty when it has none. */
function addressOf({ resources }: ApplicationRecord, { publicUrl }: Call, { store }: ApiContext): string {
  const trigger = resources
    .map(({ id = "" }): TriggerRecord | undefined => store.triggers.find(id))
    .find((one) => one !== undefined && isGateway(one.spec.type));
  return trigger === undefined ? "" : `${publicUrl}${(trigger.spec.eventData as ApigEventData).path}`;
}

/** Applications: functions and triggers that are made and deleted together. */
export const applicationsOperations = {
  CreateFunctionApp: createFunctionApp,
  ListFunctionApplications: listFunctionApplications,
  ShowFunctionApp: showFunctionApp,
  DeleteFunctionApp: deleteFunctionApp,
} satisfies Operations;
