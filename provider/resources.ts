import { agencyLogic } from "./agency.ts";
import { aliasLogic } from "./alias.ts";
import { asyncInvokeLogic } from "./async-invoke.ts";
import { ignoringBlanks } from "./blank.ts";
import { dependencyLogic } from "./dependency.ts";
import { dockerAccessLogic } from "./docker/access.ts";
import { dockerEngineLogic } from "./docker/engine.ts";
import { dockerImageLogic } from "./docker/image.ts";
import { dockerInstancesLogic } from "./docker/instances.ts";
import { functionLogic } from "./function.ts";
import { httpTriggerLogic } from "./http-trigger.ts";
import { reservedInstancesLogic } from "./reserved-instances.ts";
import { fileSystemLogic } from "./file-system.ts";
import { natGatewayLogic } from "./nat-gateway.ts";
import type { ResourceLogic } from "./resource.ts";
import { sourceTriggerLogics } from "./source-trigger.ts";
import { testEventLogic } from "./test-event.ts";
import { timerTriggerLogic } from "./timer-trigger.ts";
import { versionLogic } from "./version.ts";
import { vpcLogic } from "./vpc.ts";

const LOGICS: Readonly<Record<string, ResourceLogic>> = {
  "fungraph:index:Vpc": vpcLogic as unknown as ResourceLogic,
  "fungraph:index:NatGateway": natGatewayLogic as unknown as ResourceLogic,
  "fungraph:index:FileSystem": fileSystemLogic as unknown as ResourceLogic,
  "fungraph:index:Function": functionLogic as unknown as ResourceLogic,
  "fungraph:index:Version": versionLogic as unknown as ResourceLogic,
  "fungraph:index:Alias": aliasLogic as unknown as ResourceLogic,
  "fungraph:index:HttpTrigger": httpTriggerLogic as unknown as ResourceLogic,
  "fungraph:index:ReservedInstances": reservedInstancesLogic as unknown as ResourceLogic,
  "fungraph:index:AsyncInvoke": asyncInvokeLogic as unknown as ResourceLogic,
  "fungraph:index:Dependency": dependencyLogic as unknown as ResourceLogic,
  "fungraph:index:DockerEngine": dockerEngineLogic as unknown as ResourceLogic,
  "fungraph:index:DockerImage": dockerImageLogic as unknown as ResourceLogic,
  "fungraph:index:DockerInstances": dockerInstancesLogic as unknown as ResourceLogic,
  "fungraph:index:DockerAccess": dockerAccessLogic as unknown as ResourceLogic,
  "fungraph:index:Agency": agencyLogic as unknown as ResourceLogic,
  "fungraph:index:TestEvent": testEventLogic as unknown as ResourceLogic,
  "fungraph:index:TimerTrigger": timerTriggerLogic as unknown as ResourceLogic,
  ...Object.fromEntries(
    Object.entries(sourceTriggerLogics).map(([kind, logic]) => [`fungraph:index:${kind}`, logic]),
  ),
};

/** The logic of every custom resource, by type token. Inputs reach it through its own `check`, so they fit it. */
export const resources: Readonly<Record<string, ResourceLogic>> = Object.fromEntries(
  Object.entries(LOGICS).map(([token, logic]) => [token, ignoringBlanks(logic)]),
);
