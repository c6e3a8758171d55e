import { LIMITS } from "../../model/limits.ts";
import { applicationTemplates, type ApplicationTemplate } from "../templates/application-templates.ts";
import { functionTemplates, type FunctionTemplate } from "../templates/function-templates.ts";
import { ApiError } from "./api-error.ts";
import { ok, type ApiContext, type Call, type Reply, type Operations } from "./operation.ts";
import { pageOf } from "./page.ts";
import { shown } from "./target.ts";

/** Templates of Node.js and Python functions, all public. Query: `marker`, `maxitems`, `ispublic`, `runtime`, `scene`, `service`. */
function listFunctionTemplate({ query }: Call): Reply {
  const [runtime, scene, service] = [query.get("runtime"), query.get("scene"), query.get("service")];
  const all = query.get("ispublic") === "false" ? [] : functionTemplates();
  const page = pageOf(
    all.filter(
      (one) =>
        (!runtime || one.runtime === runtime) &&
        (!scene || one.scene === scene) &&
        (!service || one.service === service),
    ),
    query,
  );
  return ok({ func_templates: page.items.map(templateToWire), next_marker: page.nextMarker });
}

/** With its source as Base64, as CreateFunction takes it; FSS.1059 when there is none of that id. */
function showFunctionTemplate(call: Call): Reply {
  const id = call.parameters["template_id"] ?? "";
  const template = functionTemplates().find((one) => one.id === id);
  if (template === undefined) throw missing(id);
  return ok(templateToWire(template));
}

function templateToWire(template: FunctionTemplate): Record<string, unknown> {
  return {
    id: template.id,
    type: 1,
    title: template.title,
    template_name: template.name,
    description: template.description,
    runtime: template.runtime,
    handler: template.handler,
    code_type: "inline",
    code: Buffer.from(template.code).toString("base64"),
    timeout: LIMITS.timeoutSeconds.default,
    memory_size: LIMITS.memorySizesMb[0],
    trigger_metadata_list: template.triggers.map(({ name, type, data }) => ({
      trigger_name: name,
      trigger_type: type,
      event_type: "",
      event_data: JSON.stringify(data),
    })),
    temp_detail: {
      input: JSON.stringify(template.input),
      output: JSON.stringify(template.output),
      warning: template.warning,
    },
    user_data: JSON.stringify(template.userData),
    encrypted_user_data: "{}",
    dependencies: [],
    scene: template.scene,
    service: template.service,
  };
}

/** Templates of applications. Query: `marker`, `maxitems`, `runtime`, `category`; `all` is as if left out. They have no images, and English texts alone. */
function listAppTemplates({ query }: Call): Reply {
  const wanted = (name: string): string => (query.get(name) ?? "").replace(/^all$/, "");
  const [runtime, category] = [wanted("runtime"), wanted("category")];
  const all = applicationTemplates().filter(
    (one) => (runtime === "" || one.runtime === runtime) && (category === "" || one.category === category),
  );
  const page = pageOf(all, query);
  const templates = page.items.map(({ id, ...rest }) => ({
    id,
    name: rest.name,
    runtime: rest.runtime,
    category: rest.category,
    description: rest.description,
    image: "",
  }));
  return ok({ templates, next_marker: page.nextMarker, count: page.count });
}

/** With its parameters as JSON text, and how many applications of the project were made from it; FSS.1059 when there is none of that id. */
function showAppTemplate(call: Call, { store }: ApiContext): Reply {
  const template = applicationTemplateOf(call.parameters["id"] ?? "");
  const updated = Date.parse(template.updated) / 1000;
  const made = store.applications.list(call.projectId).filter((one) => one.templateId === template.id);
  return ok({
    name: template.name,
    description: template.description,
    runtime: template.runtime,
    category: template.category,
    params: JSON.stringify(template.parameters),
    image: "",
    deploy_count: made.length,
    version: 1,
    template_guide: template.guide,
    create_time: updated,
    update_time: updated,
    resources: template.functions.flatMap(({ name, triggers }) => [
      { resource_name: name, icon: "", href: "" },
      ...triggers.map((one) => ({ resource_name: one.name, icon: "", href: "" })),
    ]),
  });
}

/** Throws FSS.1059. */
export function applicationTemplateOf(id: string): ApplicationTemplate {
  const template = applicationTemplates().find((one) => one.id === id);
  if (template === undefined) throw missing(id);
  return template;
}

function missing(id: string): ApiError {
  return new ApiError("FSS.1059", `There is no template ${shown(id)}. List the templates to see their ids.`);
}

/** Templates of functions and of applications: a catalogue that comes with the platform. */
export const templatesOperations = {
  ListFunctionTemplate: listFunctionTemplate,
  ShowFunctionTemplate: showFunctionTemplate,
  ListAppTemplates: listAppTemplates,
  ShowAppTemplate: showAppTemplate,
} satisfies Operations;
