import type { ErrorCode } from "../error-catalogue.ts";

/** FunctionGraph code of a wrong field, by the field at the top of the body; what is not named is FSS.0400. */
const FIELD_CODES: Readonly<Record<string, ErrorCode>> = {
  func_name: "FSS.1002",
  handler: "FSS.1003",
  package: "FSS.1004",
  runtime: "FSS.1005",
  code_type: "FSS.1006",
  memory_size: "FSS.1007",
  timeout: "FSS.1008",
  user_data: "FSS.1009",
  encrypted_user_data: "FSS.1009",
  code_url: "FSS.1010",
  func_code: "FSS.1011",
  file_code: "FSS.1011",
  file_type: "FSS.1013",
  description: "FSS.1019",
  depend_version_list: "FSS.1024",
  strategy_config: "FSS.1026",
  max_instance_num: "FSS.1026",
  custom_image: "FSS.1034",
  mount_config: "FSS.1039",
  additional_version_weights: "FSS.1092",
  trigger_type_code: "FSS.1101",
  initializer_handler: "FSS.1404",
  initializer_timeout: "FSS.1405",
};

/** Fields whose meaning depends on the body that they stand in. */
const MODEL_CODES: Readonly<Record<string, Readonly<Record<string, ErrorCode>>>> = {
  CreateFunctionAppRequestBody: { name: "FSS.1027" },
  CreateVersionAliasRequestBody: { name: "FSS.1014", version: "FSS.1015" },
  UpdateVersionAliasRequestBody: { version: "FSS.1015" },
  CreateFunctionVersionRequestBody: { version: "FSS.1015" },
  CreateEventRequestBody: { name: "FSS.1074", content: "FSS.1074" },
  UpdateEventRequestBody: { content: "FSS.1074" },
  CreateDependencyRequestBody: { name: "FSS.1024", depend_type: "FSS.1032" },
  UpdateFunctionReservedInstancesCountRequestBody: { count: "FSS.1076" },
};

/** The code of a fault in a field at the top of a body. */
export function faultCode(model: string, field: string): ErrorCode {
  return MODEL_CODES[model]?.[field] ?? FIELD_CODES[field] ?? "FSS.0400";
}
