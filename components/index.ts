export { Agency, type AgencyArgs, Role } from "./agency.ts";
export { Alias, type AliasArgs, type AliasTargetArgs, type GreyVersionArgs } from "./alias.ts";
export {
  AsyncInvoke,
  type AsyncDestinationArgs,
  type AsyncInvokeArgs,
  type AsyncSettingsArgs,
} from "./async-invoke.ts";
export { Dependency, type DependencyArgs } from "./dependency.ts";
export { FileSystem, type FileSystemArgs, type NfsExportArgs } from "./file-system.ts";
export { FunctionResource as Function } from "./function.ts";
export type { FunctionArgs, HookArgs } from "./function-args.ts";
export {
  HttpAuth,
  HttpGateway,
  HttpMatch,
  HttpMethod,
  HttpProtocol,
  HttpTrigger,
  type HttpRouteArgs,
  type HttpTriggerArgs,
  type StageArgs,
} from "./http-trigger.ts";
export type { ImageArgs } from "./image.ts";
export { NatGateway, type NatGatewayArgs } from "./nat-gateway.ts";
export type { FileSystemsArgs, MountArgs, NetworkArgs } from "./placement.ts";
export { Platform, Target, type PlatformArgs } from "./platform.ts";
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
export { CtsTrigger, type CtsTriggerArgs } from "./cts-trigger.ts";
export { DdsTrigger, type DdsTriggerArgs } from "./dds-trigger.ts";
export { DisTrigger, type DisTriggerArgs, PollingUnit, StreamStart } from "./dis-trigger.ts";
export { DmsTrigger, type DmsTriggerArgs } from "./dms-trigger.ts";
export { EventGridEvent, EventGridTrigger, type EventGridTriggerArgs } from "./event-grid-trigger.ts";
export { GaussMongoTrigger, type GaussMongoTriggerArgs } from "./gauss-mongo-trigger.ts";
export { IotDaTrigger, type IotDaTriggerArgs } from "./iot-da-trigger.ts";
export { KafkaTrigger, type KafkaTriggerArgs } from "./kafka-trigger.ts";
export { LtsTrigger, type LtsTriggerArgs } from "./lts-trigger.ts";
export { ObsEvent, ObsTrigger, type ObsTriggerArgs } from "./obs-trigger.ts";
export { OpenSourceKafkaTrigger, type OpenSourceKafkaTriggerArgs } from "./open-source-kafka-trigger.ts";
export { RabbitMqTrigger, type RabbitMqTriggerArgs } from "./rabbit-mq-trigger.ts";
export { RocketMqTrigger, type RocketMqTriggerArgs } from "./rocket-mq-trigger.ts";
export { SmnTrigger, type SmnTriggerArgs } from "./smn-trigger.ts";
export { Vpc, type SubnetArgs, type VpcArgs, type ZoneArgs, type ZoneRecordArgs } from "./vpc.ts";
