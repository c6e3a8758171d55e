import type { ModelTable } from "../notation.ts";

const SHOW_FUNCTION_ASYNC_INVOKE_CONFIG_RESPONSE = {
  func_urn: "string",
  max_async_event_age_in_seconds: "integer",
  max_async_retry_attempts: "integer",
  destination_config: "FuncAsyncDestinationConfig",
  created_time: "string",
  last_modified: "string",
  enable_async_status_log: "boolean",
} as const;

/** Bodies and replies of invocations and asynchronous settings, in the notation of ../notation.ts. */
export const INVOCATION_MODELS = {
  FunctionAsyncConfig: {
    max_async_event_age_in_seconds: "integer!",
    max_async_retry_attempts: "integer!",
    destination_config: "FuncAsyncDestinationConfig!",
    created_time: "string",
    last_modified: "string",
  },
  FuncAsyncDestinationConfig: { on_success: "FuncDestinationConfig", on_failure: "FuncDestinationConfig" },
  FuncDestinationConfig: { destination: "DestinationType", param: "string" },
  AsyncInvokeFunctionResponse: { request_id: "string" },
  CancelAsyncInvocationRequestBody: { request_id: "string!", type: "CancelType" },
  InvokeFunctionResponse: {
    request_id: "string",
    result: "string",
    log: "string",
    status: "integer",
    "X-Cff-Request-Id": "string",
  },
  ListActiveAsyncInvocationsResponse: {
    invocations: "ListFunctionAsyncInvocationsResult[]",
    count: "integer",
    next_marker: "integer",
  },
  ListFunctionAsyncInvocationsResult: {
    request_id: "string",
    status: "AsyncStatus",
    error_message: "string",
    error_code: "integer",
    start_time: "datetime",
    end_time: "string",
  },
  ListAsyncInvocationsResponse: {
    invocations: "ListFunctionAsyncInvocationsResult[]",
    count: "integer",
    next_marker: "integer",
  },
  ListFunctionAsyncInvokeConfigResponse: {
    async_invoke_configs: "ListFunctionAsyncInvokeConfigResult[]",
    count: "integer",
    page_info: "PageInfo",
  },
  ListFunctionAsyncInvokeConfigResult: {
    func_urn: "string!",
    max_async_event_age_in_seconds: "integer!",
    max_async_retry_attempts: "integer!",
    destination_config: "FuncAsyncDestinationConfig!",
    created_time: "string",
    last_modified: "string",
    enable_async_status_log: "boolean",
  },
  ShowFunctionAsyncInvokeConfigResponse: SHOW_FUNCTION_ASYNC_INVOKE_CONFIG_RESPONSE,
  UpdateFunctionAsyncInvokeConfigRequestBody: {
    max_async_event_age_in_seconds: "integer",
    max_async_retry_attempts: "integer",
    destination_config: "FuncAsyncDestinationConfig",
    enable_async_status_log: "boolean",
    log_group_id: "string",
    log_stream_id: "string",
    log_group_name: "string",
    log_stream_name: "string",
  },
  UpdateFunctionAsyncInvokeConfigResponse: SHOW_FUNCTION_ASYNC_INVOKE_CONFIG_RESPONSE,
} as const satisfies ModelTable;
