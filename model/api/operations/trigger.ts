import { TRIGGERS } from "../paths.ts";
import type { OperationTable } from "../operation-row.ts";

/** Operations on triggers. */
export const TRIGGER_OPERATIONS = {
  CreateFunctionTrigger: {
    method: "POST",
    path: TRIGGERS,
    access: "manage",
    body: "CreateFunctionTriggerRequestBody",
    reply: "CreateFunctionTriggerResponse",
    status: 201,
    summary: "Connects an event source to a function.",
  },
  ListFunctionTriggers: {
    method: "GET",
    path: TRIGGERS,
    access: "read",
    reply: "ListFunctionTriggerResult[]",
    status: 200,
    summary: "Lists the triggers of a function.",
  },
  BatchDeleteFunctionTriggers: {
    method: "DELETE",
    path: TRIGGERS,
    access: "manage",
    status: 204,
    summary: "Deletes every trigger of a function.",
  },
  ShowFunctionTrigger: {
    method: "GET",
    path: `${TRIGGERS}/{trigger_type_code}/{trigger_id}`,
    access: "read",
    parameters: { trigger_type_code: "TriggerTypeCode!" },
    reply: "ShowFunctionTriggerResponse",
    status: 200,
    summary: "Shows a trigger.",
  },
  UpdateTrigger: {
    method: "PUT",
    path: `${TRIGGERS}/{trigger_type_code}/{trigger_id}`,
    access: "manage",
    parameters: { trigger_type_code: "TriggerTypeCode!" },
    body: "UpdateTriggerRequestBody",
    reply: "UpdateTriggerResponse",
    status: 200,
    summary: "Enables, disables or tunes a trigger.",
  },
  DeleteFunctionTrigger: {
    method: "DELETE",
    path: `${TRIGGERS}/{trigger_type_code}/{trigger_id}`,
    access: "manage",
    parameters: { trigger_type_code: "TriggerTypeCode!" },
    status: 204,
    summary: "Deletes a trigger.",
  },
} as const satisfies OperationTable;
