import { FUNCTION } from "../paths.ts";
import type { OperationTable } from "../operation-row.ts";

/** Operations on test events. */
export const TEST_EVENT_OPERATIONS = {
  CreateEvent: {
    method: "POST",
    path: `${FUNCTION}/events`,
    access: "manage",
    body: "CreateEventRequestBody",
    reply: "CreateEventResponse",
    status: 200,
    summary: "Saves a test event.",
    carries: "event",
  },
  ListEvents: {
    method: "GET",
    path: `${FUNCTION}/events`,
    access: "read",
    reply: "ListEventsResponse",
    status: 200,
    summary: "Lists the test events of a function.",
  },
  ShowEvent: {
    method: "GET",
    path: `${FUNCTION}/events/{event_id}`,
    access: "read",
    reply: "ShowEventResponse",
    status: 200,
    summary: "Shows a test event with its content.",
  },
  UpdateEvent: {
    method: "PUT",
    path: `${FUNCTION}/events/{event_id}`,
    access: "manage",
    body: "UpdateEventRequestBody",
    reply: "UpdateEventResponse",
    status: 200,
    summary: "Replaces the content of a test event.",
    carries: "event",
  },
  DeleteEvent: {
    method: "DELETE",
    path: `${FUNCTION}/events/{event_id}`,
    access: "manage",
    status: 204,
    summary: "Deletes a test event.",
  },
} as const satisfies OperationTable;
