import { z } from "zod";
import type { Fault } from "../fault.ts";
import { checkTestEvent, checkTestEventContent, type TestEventSpec } from "../test-event.ts";
import { readBody } from "./body.ts";

const CODES = { name: "FSS.1074", content: "FSS.1074" };
const contentSchema = z.looseObject({ content: z.string() });
const specSchema = contentSchema.extend({ name: z.string() });

/** Body of CreateEvent. */
export function testEventFromWire(body: unknown): TestEventSpec | Fault[] {
  const read = readBody(specSchema, body, CODES);
  if (Array.isArray(read)) return read;
  const spec = { name: read.name, content: read.content };
  const faults = checkTestEvent(spec);
  return faults.length > 0 ? faults : spec;
}

/** Body of UpdateEvent: the new content. */
export function testEventContentFromWire(body: unknown): string | Fault[] {
  const read = readBody(contentSchema, body, CODES);
  if (Array.isArray(read)) return read;
  const faults = checkTestEventContent(read.content);
  return faults.length > 0 ? faults : read.content;
}

/** A test event as the platform keeps it. */
interface TestEventView extends TestEventSpec {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly modifiedAt: number;
}

/** A test event as ShowEvent answers it; the list leaves the content out. `last_modified` is in seconds. */
export function testEventToWire(view: TestEventView): Record<string, unknown> {
  return {
    id: view.id,
    name: view.name,
    content: view.content,
    last_modified: Math.floor(view.modifiedAt / 1000),
  };
}
