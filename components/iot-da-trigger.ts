import type * as pulumi from "@pulumi/pulumi";
import { SourceTrigger } from "./internal/source-trigger.ts";

const TYPE = "fungraph:index:IotDaTrigger";

/** Arguments of a trigger of device data. */
export interface IotDaTriggerArgs {
  /** What to call: `fn.functionUrn`, `version.versionUrn` or `alias.aliasUrn`. */
  functionUrn: pulumi.Input<string>;
  /** Id of the IoTDA instance. */
  instanceId: pulumi.Input<string>;
  /** What of a device is watched, for example `device.property`. */
  resource: pulumi.Input<string>;
  /** What has to happen, for example `report`. */
  event: pulumi.Input<string>;
  /**
   * Resource space of the devices. Defaults to all of them.
   *
   * @default - all of them
   */
  resourceSpace?: pulumi.Input<string>;
  /**
   * Name of the trigger on the platform. Defaults to the resource's own name.
   *
   * @default - the resource's name
   */
  triggerName?: string;
  /**
   * Whether events call the function. Defaults to true.
   *
   * @default true
   */
  enabled?: pulumi.Input<boolean>;
}

/**
 * Calls a function for data and states of devices (IoTDA).
 *
 * ```ts
 * new fg.IotDaTrigger("reports", {
 *   functionUrn: store.functionUrn,
 *   instanceId: "iot-1",
 *   resource: "device.property",
 *   event: "report",
 * });
 * ```
 */
export class IotDaTrigger extends SourceTrigger {
  constructor(name: string, args: IotDaTriggerArgs, opts?: pulumi.CustomResourceOptions) {
    super(TYPE, ["IOTDA", name], args, opts);
  }
}
