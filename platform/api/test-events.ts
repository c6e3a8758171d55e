import { testEventContentFromWire, testEventFromWire, testEventToWire } from "../../model/wire/test-event.ts";
import type { FunctionKey } from "../store/function-key.ts";
import type { TestEventRecord } from "../store/test-events.ts";
import { accept } from "./accept.ts";
import { ApiError } from "./api-error.ts";
import { NO_CONTENT, ok, type ApiContext, type Call, type Reply, type Operations } from "./operation.ts";
import { markOwner } from "./owners.ts";
import { shown, targetOf } from "./target.ts";

/** FSS.1073 for a taken name, FSS.1068 beyond the limit. */
function createEvent(call: Call, context: ApiContext): Reply {
  const { store, limits } = context;
  const { key } = targetOf(call, context);
  const { name, content } = accept(testEventFromWire(call.body));
  const events = store.testEvents.list(key);
  if (events.some((event) => event.name === name)) {
    throw new ApiError(
      "FSS.1073",
      `The test event ${shown(name)} exists already. Update it, or choose another name.`,
    );
  }
  if (events.length >= limits.testEventsPerFunction) {
    throw new ApiError(
      "FSS.1068",
      `The function has ${limits.testEventsPerFunction} test events, the most that are allowed. Delete one that is not used.`,
    );
  }
  const { id } = store.testEvents.create(key, name, content);
  markOwner(call, context, { kind: "test-event", within: key, name: id });
  return ok({ id, name });
}

/** The list leaves the contents out. */
function listEvents(call: Call, context: ApiContext): Reply {
  const events = context.store.testEvents.list(targetOf(call, context).key).map((event) => {
    const { content: _, ...shownOf } = testEventToWire(event);
    return shownOf;
  });
  return ok({ count: events.length, events, next_marker: events.length });
}

/** With its content; FSS.1070 when it is not there. */
function showEvent(call: Call, context: ApiContext): Reply {
  return ok(testEventToWire(eventOf(call, targetOf(call, context).key, context)));
}

/** Replaces the content; the name stays. */
function updateEvent(call: Call, context: ApiContext): Reply {
  const { key } = targetOf(call, context);
  const { id, name } = eventOf(call, key, context);
  context.store.testEvents.update(key, id, accept(testEventContentFromWire(call.body)));
  return ok({ id, name });
}

/** FSS.1070 when it is not there. */
function deleteEvent(call: Call, context: ApiContext): Reply {
  const { key } = targetOf(call, context);
  context.store.testEvents.delete(key, eventOf(call, key, context).id);
  return NO_CONTENT;
}

function eventOf(call: Call, key: FunctionKey, { store }: ApiContext): TestEventRecord {
  const id = call.parameters["event_id"] ?? "";
  const event = store.testEvents.find(key, id);
  if (event !== undefined) return event;
  throw new ApiError(
    "FSS.1070",
    `The function "${key.name}" has no test event ${shown(id)}. List its test events.`,
  );
}

/** Test events. */
export const testEventsOperations = {
  CreateEvent: createEvent,
  ListEvents: listEvents,
  ShowEvent: showEvent,
  UpdateEvent: updateEvent,
  DeleteEvent: deleteEvent,
} satisfies Operations;
