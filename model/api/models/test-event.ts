import type { ModelTable } from "../notation.ts";

/** Bodies and replies of test events, in the notation of ../notation.ts. */
export const TEST_EVENT_MODELS = {
  CreateEventRequestBody: { name: "string!", content: "string!" },
  CreateEventResponse: { id: "string", name: "string" },
  ListEventsResponse: { count: "integer", events: "ListEventsResult[]", next_marker: "integer" },
  ListEventsResult: { id: "string", last_modified: "number", name: "string" },
  ShowEventResponse: { id: "string", name: "string", content: "string", last_modified: "number" },
  UpdateEventRequestBody: { content: "string!" },
  UpdateEventResponse: { id: "string", name: "string" },
} as const satisfies ModelTable;
