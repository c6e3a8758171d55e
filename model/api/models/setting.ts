import type { ModelTable } from "../notation.ts";

const SHOW_LTS_LOG_DETAILS_RESPONSE = {
  group_name: "string",
  group_id: "string",
  stream_id: "string",
  stream_name: "string",
} as const;

/** Bodies and replies of logs, tracing, snapshots and networks, in the notation of ../notation.ts. */
export const SETTING_MODELS = {
  ShowLtsLogDetailsResponse: SHOW_LTS_LOG_DETAILS_RESPONSE,
  ShowProjectAsyncStatusLogInfoResponse: SHOW_LTS_LOG_DETAILS_RESPONSE,
  ShowTracingResponse: { tracing_ak: "string", tracing_sk: "string" },
  UpdateTracingRequestBody: { tracing_ak: "string", tracing_sk: "string" },
  ShowFuncSnapshotStateResponse: { state: "string", code: "string" },
  CreateVpcEndpointRequestBody: {
    flavor: "string",
    xrole: "string",
    vpc_id: "string!",
    subnet_id: "string!",
  },
  CreateVpcEndpointResponse: { endpoints: "string[]", address: "string" },
  ServiceBridgeVersion: { name: "string", version: "string", code_url: "string" },
} as const satisfies ModelTable;
