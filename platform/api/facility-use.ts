import type { Fault } from "../../model/fault.ts";
import type { FunctionSpec } from "../../model/function.ts";
import { subnetId } from "../../model/vpc.ts";
import { refusal } from "./accept.ts";
import type { ApiContext } from "./operation.ts";

/** Throws FSS.1036, FSS.1037 and FSS.1050 for a VPC, a subnet and file systems that the project has not. */
export function checkFacilities(
  { network, fileSystems }: FunctionSpec,
  projectId: string,
  context: ApiContext,
): void {
  const faults = [
    ...(network === undefined ? [] : checkNetwork(network, projectId, context)),
    ...(fileSystems?.mounts ?? []).flatMap(({ fileSystemId }, index): Fault[] =>
      context.store.facilities.find("file-system", fileSystemId)?.projectId === projectId
        ? []
        : [
            {
              property: `mount_config.func_mounts[${index}].mount_resource`,
              value: fileSystemId,
              rule: "is no file system of the project",
              fix: "Create the file system first, or correct the id.",
              code: "FSS.1050",
            },
          ],
    ),
  ];
  if (faults.length > 0) throw refusal(faults);
}

function checkNetwork(
  network: NonNullable<FunctionSpec["network"]>,
  projectId: string,
  { store }: ApiContext,
): Fault[] {
  const { vpcId, subnetId: wanted } = network;
  const vpc = store.facilities.find("vpc", vpcId);
  if (vpc?.projectId !== projectId) {
    const fix = "Create the VPC first, or correct the id.";
    return [
      { property: "func_vpc.vpc_id", value: vpcId, rule: "is no VPC of the project", fix, code: "FSS.1036" },
    ];
  }
  const { subnets, name } = vpc.spec;
  if (subnets.some((subnet) => subnetId(vpcId, subnet.name) === wanted)) return [];
  const known = subnets.map((subnet) => `${subnetId(vpcId, subnet.name)} (${subnet.name})`).join(" or ");
  return [
    {
      property: "func_vpc.subnet_id",
      value: wanted,
      rule: `is no subnet of the VPC ${JSON.stringify(name)}`,
      fix: `Use ${known}.`,
      code: "FSS.1037",
    },
  ];
}
