export { Alias, type AliasArgs, type AliasTargetArgs, type GreyVersionArgs } from "./alias.ts";
export { AsyncInvoke, type AsyncInvokeArgs, type AsyncSettingsArgs } from "./async-invoke.ts";
export { Dependency, type DependencyArgs } from "./dependency.ts";
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
export type { ImageArgs } from "./image.ts";
export { Platform, Target } from "./platform.ts";
export {
  ReservedInstances,
  type ReserveArgs,
  type ReservedInstancesArgs,
  type ReservedInstancesPolicyArgs,
} from "./reserved-instances.ts";
export { Provider, type ProviderArgs } from "./provider.ts";
export { Runtime } from "./runtime.ts";
export { TestEvent, type SavedEventArgs, type TestEventArgs } from "./test-event.ts";
export { TimerTrigger, type ScheduleArgs, type TimerTriggerArgs } from "./timer-trigger.ts";
export { Version, type PublishArgs, type VersionArgs } from "./version.ts";
