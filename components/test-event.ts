import type * as pulumi from "@pulumi/pulumi";
import { renamed } from "../model/declaration.ts";
import { checkTestEvent } from "../model/test-event.ts";
import { failOn } from "./internal/errors.ts";
import { knownOr } from "./internal/known.ts";
import { Resource } from "./internal/resource.ts";

const TYPE = "fungraph:index:TestEvent";

/** A saved event; for `fn.testEvent`, which knows the function. */
export interface SavedEventArgs {
  /** JSON text of the event: `JSON.stringify({ order: 1 })`. */
  event: pulumi.Input<string>;
  /**
   * Name of the event on the platform. Defaults to the event's own name.
   *
   * @default - the event's name
   */
  eventName?: string;
}

/** Arguments of a test event. */
export interface TestEventArgs extends SavedEventArgs {
  /** Function that is tried with the event: `fn.functionUrn`. */
  functionUrn: pulumi.Input<string>;
}

/**
 * A saved event that a function is tried with (guide 3.4); at most ten of one function. `fungraph events` has samples of
 * what every source sends.
 *
 * ```ts
 * report.testEvent("monday", { event: JSON.stringify({ day: "monday" }) });
 * ```
 */
export class TestEvent extends Resource {
  /** Id that the platform gave the event. */
  declare readonly eventId: pulumi.Output<string>;

  constructor(name: string, args: TestEventArgs, opts?: pulumi.CustomResourceOptions) {
    super(TYPE, name, { ...testEventInputs(name, args), eventId: undefined }, opts);
  }
}

function testEventInputs(
  name: string,
  { functionUrn, event, eventName = name }: TestEventArgs,
): pulumi.Inputs {
  const content = Buffer.from(knownOr(event, "{}"), "utf8").toString("base64");
  const faults = checkTestEvent({ name: eventName, content });
  failOn({ kind: "TestEvent", name }, renamed(faults, { name: "eventName", content: "event" }).map(plain));
  return { functionUrn, name: eventName, event };
}

/** The API's rule speaks of Base64, which nobody has to write here. */
function plain(fault: ReturnType<typeof checkTestEvent>[number]): typeof fault {
  if (fault.property !== "event" || fault.code !== "FSS.1074") return fault;
  const { value: _base64, ...rest } = fault;
  return { ...rest, rule: "must be a JSON text", fix: "Write JSON.stringify({ order: 1 }), for example." };
}
