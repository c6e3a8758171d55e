/** Beginnings of paths that several operations share. Every path parameter is a text and required. */
export const FGS = "/v2/{project_id}/fgs";
export const FUNCTIONS = `${FGS}/functions` as const;
export const FUNCTION = `${FUNCTIONS}/{function_urn}` as const;
export const TRIGGERS = `${FGS}/triggers/{function_urn}` as const;
export const DEPENDENCIES = `${FGS}/dependencies` as const;
export const WORKFLOWS = `${FGS}/workflows` as const;
export const WORKFLOW = `${WORKFLOWS}/{workflow_id}` as const;
export const RESOURCE_TAGS = "/v2/{project_id}/{resource_type}/{resource_id}/tags";

/** Names of the parameters in a path template, in their order. */
export function pathParameters(path: string): string[] {
  return Array.from(path.matchAll(/\{(\w+)\}/g), ([, name = ""]) => name);
}
