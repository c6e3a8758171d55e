import { type ModelName, MODELS } from "./models.ts";

const SHOWN: ReadonlySet<string> = new Set([
  ...Object.keys(MODELS.ShowFunctionConfigResponse),
  "version_description",
  "domain_names",
]);
const DEPENDENCY: ReadonlySet<string> = new Set(Object.keys(MODELS.ShowDependencyVersionResponse));
const CODE: ReadonlySet<string> = new Set(Object.keys(MODELS.UpdateFunctionCodeResponse));

/**
 * Where a reply of the platform may have fields that its model has not. A version of a function, and one of a
 * dependency, is written one way in every reply: clients pass over what they do not know, and the models differ by accident.
 */
const ADDITIONS: Readonly<Partial<Record<ModelName, ReadonlySet<string>>>> = {
  CreateFunctionResponse: SHOWN,
  ShowFunctionConfigResponse: SHOWN,
  UpdateFunctionConfigResponse: SHOWN,
  UpdateFunctionMaxInstanceConfigResponse: SHOWN,
  CreateFunctionVersionResponse: SHOWN,
  ImportFunctionResponse: SHOWN,
  ListFunctionResult: SHOWN,
  ListFunctionVersionResult: SHOWN,
  ShowFunctionCodeResponse: CODE,
  CreateDependencyVersionResponse: DEPENDENCY,
  ListDependenciesResult: DEPENDENCY,
  ListDependencyVersionsResult: DEPENDENCY,
  Dependency: DEPENDENCY,
};

/** Models whose fields come from the caller and go back unchanged: clients find their trigger by comparing them. */
const OPEN: ReadonlySet<ModelName> = new Set(["TriggerEventDataResponseBody", "ApigTriggerFuncInfo"]);

/** Whether the platform may answer a field that the model does not have. */
export function mayAdd(model: ModelName, field: string): boolean {
  return OPEN.has(model) || (ADDITIONS[model]?.has(field) ?? false);
}
