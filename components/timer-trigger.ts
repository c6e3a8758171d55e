import type * as pulumi from "@pulumi/pulumi";
import { checkTimerTrigger, renamed } from "../model/declaration.ts";
import type { Fault } from "../model/fault.ts";
import { checkTakesEvents } from "./internal/cross-checks.ts";
import { failOn } from "./internal/errors.ts";
import { knownOr } from "./internal/known.ts";
import { Resource } from "./internal/resource.ts";

const TYPE = "fungraph:index:TimerTrigger";

/** When a timer fires; for `fn.onTimer`, which knows the function. Exactly one of `every` and `cron`. */
export interface ScheduleArgs {
  /**
   * Fixed rate: a whole number and `m` (1–60), `h` (1–24) or `d` (1–30), for example `"15m"` (guide 3.5.2). Left out where
   * `cron` is given.
   *
   * @default - `cron` decides
   */
  every?: pulumi.Input<string>;
  /**
   * Cron expression with seconds, `"0 30 8 ? * Mon-Fri"`, or `"@every 2h30m"` (guide 3.5.4). Left out where
   * `every` is given.
   *
   * @default - `every` decides
   */
  cron?: pulumi.Input<string>;
  /**
   * Text that the event carries as `user_event`. Defaults to an empty text.
   *
   * @default ""
   */
  userEvent?: pulumi.Input<string>;
  /**
   * Whether the timer runs. Defaults to true.
   *
   * @default true
   */
  enabled?: pulumi.Input<boolean>;
  /**
   * Name of the timer on the platform and in its events. Defaults to the trigger's own name.
   *
   * @default - the trigger's name
   */
  triggerName?: string;
}

/** Arguments of a timer trigger. */
export interface TimerTriggerArgs extends ScheduleArgs {
  /** What to call: `fn.functionUrn`, `version.versionUrn` or `alias.aliasUrn`. */
  functionUrn: pulumi.Input<string>;
}

/**
 * Calls a function on a schedule (a TIMER trigger, guide 3.5.2).
 *
 * ```ts
 * new fg.TimerTrigger("hourly", { functionUrn: report.functionUrn, every: "1h" });
 * ```
 *
 * Shorter: `report.onTimer("hourly", { every: "1h" })`. The function is called asynchronously.
 */
export class TimerTrigger extends Resource {
  /** Id that the platform gave the trigger. */
  declare readonly triggerId: pulumi.Output<string>;

  constructor(name: string, args: TimerTriggerArgs, opts?: pulumi.CustomResourceOptions) {
    super(TYPE, name, { ...timerTriggerInputs(name, args), triggerId: undefined }, opts);
  }
}

function timerTriggerInputs(name: string, args: TimerTriggerArgs): pulumi.Inputs {
  const { every, cron } = args;
  const timer = {
    name: args.triggerName ?? name,
    scheduleType: cron === undefined ? "Rate" : "Cron",
  } as const;
  const faults = checkTimerTrigger({
    ...timer,
    functionUrn: "",
    schedule: knownOr(cron ?? every ?? "1h", cron === undefined ? "1h" : "@every 1h"),
    userEvent: "",
    enabled: true,
  });
  const names = { name: "triggerName", schedule: cron === undefined ? "every" : "cron" };
  failOn({ kind: "TimerTrigger", name }, [
    ...checkTakesEvents(args.functionUrn),
    ...checkChoice(args),
    ...renamed(faults, names),
  ]);
  return {
    ...timer,
    functionUrn: args.functionUrn,
    schedule: cron ?? every,
    userEvent: args.userEvent ?? "",
    enabled: args.enabled ?? true,
  };
}

function checkChoice({ every, cron }: TimerTriggerArgs): Fault[] {
  if ((every === undefined) !== (cron === undefined)) return [];
  return [
    {
      property: "every, cron",
      rule: every === undefined ? "a timer needs one of them" : "a timer has one schedule, not both",
      fix: 'Write every: "1h" for a fixed rate, or cron: "0 30 8 ? * Mon-Fri" for times of the day.',
      code: "FSS.1109",
    },
  ];
}
