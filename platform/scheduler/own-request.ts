import { cpuMillicores } from "../../model/limits.ts";
import type { InstanceRequest } from "../drivers/driver.ts";
import { environmentOf } from "./load-message.ts";
import type { Target } from "./target.ts";

/** RUNTIME_CODE_ROOT of functions whose code is in their image: as everywhere else. */
const IMAGE_CODE_ROOT = "/opt/function/code";

/**
 * What is started for a target that no generic instance can become: an image is of one function, and file systems are there from the start.
 * Undefined for every other target.
 */
export function ownRequest(target: Target): Omit<InstanceRequest, "id"> | undefined {
  const { memoryMb, spec } = target;
  const { runtime, image, network, fileSystems: mounts } = spec;
  if (image === undefined && mounts === undefined) return undefined;
  const place = { ...(network && { network }), ...(mounts && { mounts }) };
  if (image === undefined) return { runtime, ...place };
  const environment = environmentOf(target, IMAGE_CODE_ROOT);
  const limits = { memoryMb, cpuMillicores: cpuMillicores(memoryMb) };
  return { runtime, image: { ...image, environment, ...limits }, ...place };
}
