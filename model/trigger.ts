/** Trigger types that the platform runs today. */
export const TriggerType = { Timer: "TIMER", Apig: "APIG" } as const;
export type TriggerType = (typeof TriggerType)[keyof typeof TriggerType];

export const TriggerStatus = { Active: "ACTIVE", Disabled: "DISABLED" } as const;
export type TriggerStatus = (typeof TriggerStatus)[keyof typeof TriggerStatus];

/** `event_data` of a TIMER trigger, in the API's own words (guide 3.5.2). */
export interface TimerEventData {
  readonly name: string;
  readonly schedule_type: "Rate" | "Cron";
  /** `3m`, `2h`, `1d`, or a cron expression (guide 3.5.4). */
  readonly schedule: string;
  readonly user_event?: string;
}

/** `event_data` of an APIG trigger, in the API's own words (guide 3.5.3). */
export interface ApigEventData {
  readonly name?: string;
  readonly type?: number;
  readonly path: string;
  readonly protocol: "HTTP" | "HTTPS";
  readonly req_method: "GET" | "POST" | "PUT" | "DELETE" | "HEAD" | "PATCH" | "OPTIONS" | "ANY";
  readonly group_id: string;
  readonly group_name?: string;
  /** SWA matches every path below `path`, NORMAL the path alone. */
  readonly match_mode: "SWA" | "NORMAL";
  readonly env_name: string;
  readonly env_id: string;
  readonly auth: "IAM" | "APP" | "NONE";
  /** `timeout` in milliseconds. */
  readonly func_info: {
    readonly function_urn?: string;
    readonly invocation_type?: "sync" | "async";
    readonly timeout: number;
    readonly version?: string;
  };
  readonly sl_domain?: string;
  readonly backend_type?: string;
  readonly instance_id?: string;
}

export type EventData = TimerEventData | ApigEventData;

export interface TriggerSpec {
  readonly type: TriggerType;
  readonly status: TriggerStatus;
  readonly eventData: EventData;
}
