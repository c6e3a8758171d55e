import { reservedCountAt } from "../../model/reserved-instances.ts";
import { LATEST } from "../../model/version.ts";
import type { ReservedInstancesRecord } from "../store/reserved-instances.ts";
import type { FunctionRecord } from "../store/functions.ts";
import type { Store } from "../store/store.ts";
import { keyText } from "../store/function-key.ts";
import type { Wish } from "./scheduler.ts";
import { targetOf, type Target } from "./target.ts";

/** Some instances that are to be kept of one version. */
interface Share {
  readonly record: FunctionRecord;
  readonly count: number;
}

/** What is to be kept of one target. */
interface Wanted extends Wish {
  readonly target: Target;
}

/** What all reservations ask for from one time to another (epoch ms), while the store stays as it is. */
export interface Plan {
  /** By the targets' keys. */
  readonly wanted: ReadonlyMap<string, Wanted>;
  /** Functions (`keyText`) that reserve instances, now or at another time. */
  readonly functions: ReadonlySet<string>;
  readonly from: number;
  readonly until: number;
}

/** Adds up what versions and aliases reserve. An alias with two versions divides its instances by their weights. */
export async function planReservations(store: Store, region: string, now: number): Promise<Plan> {
  const wanted = new Map<string, Wanted>();
  const functions = new Set<string>();
  let until = Infinity;
  for (const reserved of store.reservedInstances.all()) {
    functions.add(keyText(reserved.key));
    const at = reservedCountAt(reserved.spec, now);
    until = Math.min(until, at.until);
    for (const { record, count } of sharesOf(reserved, at.count, store)) {
      const target = await targetOf(record, store.code, region);
      const other = wanted.get(target.key);
      wanted.set(target.key, {
        target,
        count: count + (other?.count ?? 0),
        // Of those who share a version, one who wants no pause is enough.
        idleMode: reserved.spec.idleMode && other?.idleMode !== false,
      });
    }
  }
  return { wanted, functions, from: now, until };
}

function sharesOf({ key, qualifier }: ReservedInstancesRecord, count: number, store: Store): Share[] {
  const share = (version: string, part: number): Share[] => {
    const record = version === LATEST ? store.functions.find(key) : store.versions.find(key, version);
    return record === undefined || part === 0 ? [] : [{ record, count: part }];
  };
  if (!qualifier.startsWith("!")) return share(qualifier, count);
  const alias = store.aliases.find(key, qualifier.slice(1))?.spec;
  if (alias === undefined) return [];
  const grey = Math.round((count * (alias.additional?.weight ?? 0)) / 100);
  return [
    ...share(alias.version, count - grey),
    ...(alias.additional === undefined ? [] : share(alias.additional.version, grey)),
  ];
}
