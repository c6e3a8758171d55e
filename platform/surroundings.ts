import { chmodSync, mkdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { subnetId } from "../model/vpc.ts";
import type { Driver } from "./drivers/driver.ts";
import type { FileSystemPlan, VpcPlan } from "./drivers/surroundings.ts";
import type { Store } from "./store/store.ts";

const SHARES = "shares";

/** Keeps networks and file systems of functions as the store has them. */
export interface SurroundingsKeeper {
  /** Puts in force what the store says. Rejects with all that could not be; what could is in force. */
  arrange(): Promise<void>;
  /** Deletes the files of a file system that the store has no more. */
  discard(fileSystemId: string): Promise<void>;
}

/** Undefined where the driver has no such things. */
export function surroundingsKeeper(
  { facilities }: Pick<Store, "facilities">,
  driver: Driver,
  dataDir: string,
): SurroundingsKeeper | undefined {
  if (driver.arrange === undefined) return undefined;
  const shares = resolve(dataDir, SHARES);
  return {
    arrange: async () => {
      const fileSystems = facilities.all("file-system").map(({ id, spec }): FileSystemPlan => ({
        id,
        source: spec.nfs ?? shareFolder(shares, id),
      }));
      await driver.arrange?.({ vpcs: vpcPlans(facilities), fileSystems });
    },
    discard: (id) => rm(join(shares, id), { recursive: true, force: true }),
  };
}

function vpcPlans(facilities: Store["facilities"]): VpcPlan[] {
  const gateways = new Map(facilities.all("nat-gateway").map(({ spec }) => [spec.vpcId, spec]));
  return facilities.all("vpc").map(({ id, spec }) => {
    const gateway = gateways.get(id);
    const { address } = gateway ?? {};
    const nat = gateway && { nat: address === undefined ? {} : { address } };
    const subnets = spec.subnets.map((subnet) => ({ ...subnet, id: subnetId(id, subnet.name) }));
    return { ...spec, id, subnets, ...nat };
  });
}

/** Every function that mounts it may write in it, whoever it is; what lies in it has owners. */
function shareFolder(shares: string, id: string): string {
  const folder = join(shares, id);
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o777);
  return folder;
}
