import * as pulumi from "@pulumi/pulumi";
import { checkSourceTrigger, renamed } from "../../model/declaration.ts";
import { exampleFor, type EventSource, type SourceField } from "../../model/event-source.ts";
import { EVENT_SOURCES, type SourceType } from "../../model/event-sources.ts";
import { checkNearKafka, checkTakesEvents } from "./cross-checks.ts";
import { failOn } from "./errors.ts";
import { isKnown } from "./known.ts";
import { warn } from "./warning.ts";
import { Resource } from "./resource.ts";

/** What every trigger of an event source says besides the source's own settings. */
interface SourceArgs {
  readonly functionUrn: pulumi.Input<string>;
  readonly triggerName?: string;
  readonly enabled?: pulumi.Input<boolean>;
  /** Where Kafka lies; checked here and told nobody. */
  readonly subnetId?: pulumi.Input<string>;
}

/** A trigger of an event source: checked when it is declared, kept by the platform. */
export abstract class SourceTrigger extends Resource {
  /** Id that the platform gave the trigger. */
  declare readonly triggerId: pulumi.Output<string>;

  protected constructor(
    token: string,
    [type, name]: readonly [SourceType, string],
    args: SourceArgs,
    opts?: pulumi.CustomResourceOptions,
  ) {
    super(token, name, { ...inputsOf(type, name, args), triggerId: undefined }, opts);
    warnOnce(type);
  }
}

function inputsOf(type: SourceType, name: string, args: SourceArgs): pulumi.Inputs {
  const source = EVENT_SOURCES[type];
  const { canBeDisabled, component, fields } = source;
  const { functionUrn, enabled = true } = args;
  const given: Record<string, unknown> = { name: args.triggerName ?? name, ...args };
  const settings = (fields as readonly SourceField[]).map((field) => ({
    field,
    value: valueOf(field, given),
  }));
  const certain = settings.map(({ field, value }) => [
    field.name,
    isSettled(value) ? value : exampleFor(field),
  ]);
  const faults = checkSourceTrigger(source, Object.fromEntries(certain) as Record<string, unknown>);
  failOn({ kind: component, name }, [
    ...checkTakesEvents(functionUrn),
    ...(component.endsWith("KafkaTrigger") ? checkNearKafka(functionUrn, args.subnetId) : []),
    ...renamed(faults, { name: "triggerName" }),
  ]);
  const declared = settings.map(({ field, value }) => [field.name, field.secret ? hidden(value) : value]);
  return {
    functionUrn,
    ...(Object.fromEntries(declared) as pulumi.Inputs),
    ...(canBeDisabled && { enabled }),
  };
}

function valueOf(field: SourceField, given: Record<string, unknown>): unknown {
  return given[field.name] ?? field.default;
}

function hidden(value: unknown): unknown {
  return value === undefined ? undefined : pulumi.secret(value);
}

/** True when the value, or every item of the list, is there now. */
function isSettled(value: unknown): boolean {
  return Array.isArray(value) ? value.every(isKnown) : isKnown(value);
}

const told = new Set<SourceType>();

/** Nobody should wait for events that cannot come. */
function warnOnce(type: SourceType): void {
  const source: EventSource = EVENT_SOURCES[type];
  if (source.isHere === true || told.has(type)) return;
  told.add(type);
  warn(
    `${type} triggers are kept and listed by the platform, but this version of it has no such event source: nothing calls the ` +
      "function for them yet.",
  );
}
