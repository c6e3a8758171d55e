import { chmodSync, mkdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { subnetId } from "../model/vpc.ts";
import type { Driver } from "./drivers/driver.ts";
import type { FileSystemPlan, Surroundings, VpcPlan } from "./drivers/surroundings.ts";
import type { Store } from "./store/store.ts";

const SHARES = "shares";

/** Keeps networks and file systems of functions as the store has them. */
export interface SurroundingsKeeper {
  /** Puts in force what the store says. Rejects with UnmadeError; what that does not name is in force. */
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
  return {
    arrange: async () => {
      const declared = declaredSurroundings(facilities, dataDir);
      makeShares(declared);
      await driver.arrange?.(declared);
    },
    discard: (id) => discardShare(dataDir, id),
  };
}

/** What the store has. @param folder in which the platform keeps file systems */
export function declaredSurroundings(facilities: Store["facilities"], folder: string): Surroundings {
  const fileSystems = facilities.all("file-system").map(({ id, spec }): FileSystemPlan => ({
    id,
    source: spec.nfs ?? shareFolder(folder, id),
  }));
  return { vpcs: vpcPlans(facilities), fileSystems };
}

/** Has the folders of file systems be there. Every function that mounts one may write in it, whoever it is; what lies in it has owners. */
export function makeShares({ fileSystems }: Surroundings): void {
  for (const { source } of fileSystems)
    if (typeof source === "string") {
      mkdirSync(source, { recursive: true });
      chmodSync(source, 0o777);
    }
}

/** Deletes the files of a file system. @param folder as for `declaredSurroundings` */
export function discardShare(folder: string, id: string): Promise<void> {
  return rm(shareFolder(folder, id), { recursive: true, force: true });
}

function shareFolder(folder: string, id: string): string {
  return join(resolve(folder), SHARES, id);
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
