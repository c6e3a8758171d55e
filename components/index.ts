export { Alias, type AliasArgs, type AliasTargetArgs, type GreyVersionArgs } from "./alias.ts";
export { FunctionResource as Function, type FunctionArgs, type HookArgs } from "./function.ts";
export {
  HttpAuth,
  HttpMatch,
  HttpMethod,
  HttpProtocol,
  HttpTrigger,
  type HttpRouteArgs,
  type HttpTriggerArgs,
} from "./http-trigger.ts";
export { Platform, Target } from "./platform.ts";
export { Runtime } from "./runtime.ts";
export { TimerTrigger, type ScheduleArgs, type TimerTriggerArgs } from "./timer-trigger.ts";
export { Version, type PublishArgs, type VersionArgs } from "./version.ts";
