import { chmodSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { recordName, RecordType, type ZoneSpec } from "../../../../model/vpc.ts";

/** What the gateway's name server reads: once, and whenever it is told to. */
interface ZoneFiles {
  readonly "dns.conf": string;
  readonly hosts: string;
  readonly servers: string;
}

/** What the zone files of a VPC are made of. */
interface ZoneTerms {
  readonly zones: readonly ZoneSpec[];
  /** Where the name server listens. */
  readonly address: string;
  /** Other names are asked for on the way out; else they do not exist. */
  readonly outward: boolean;
}

/** Writes the zone files into a folder, which is made when it is missing; whoever reads one sees all of the old or all of the new. */
export function writeZones(folder: string, terms: ZoneTerms): void {
  mkdirSync(folder, { recursive: true });
  // The name server is nobody, whatever this process lets others see by default.
  chmodSync(folder, 0o755);
  for (const [file, text] of Object.entries(renderZones(terms)) as [string, string][]) {
    const path = join(folder, file);
    writeFileSync(`${path}.new`, text);
    chmodSync(`${path}.new`, 0o644);
    renameSync(`${path}.new`, path);
  }
}

/**
 * Private zones as dnsmasq takes them; their names were checked. All that zones can change is in the files that it reads again: a name that
 * stands for another has that one's addresses.
 */
export function renderZones({ zones, address, outward }: ZoneTerms): ZoneFiles {
  const settings = [
    "user=nobody",
    "group=nogroup",
    "log-facility=-",
    "no-hosts",
    "no-poll",
    "bind-interfaces",
    `listen-address=${address}`,
    "addn-hosts=/etc/vpc/hosts",
    "servers-file=/etc/vpc/servers",
    outward ? "resolv-file=/etc/resolv.conf" : "no-resolv",
  ];
  return {
    "dns.conf": lines(settings),
    hosts: lines(hostLines(zones)),
    // Nobody outside is asked about names of one's own.
    servers: lines(zones.map(({ name }) => `server=/${name}/`)),
  };
}

function hostLines(zones: readonly ZoneSpec[]): string[] {
  const records = zones.flatMap((zone) =>
    zone.records.map((record) => ({ ...record, name: recordName(zone, record) })),
  );
  const addresses = new Map(
    records.filter(({ type }) => type === RecordType.A).map(({ name, values }) => [name, values]),
  );
  return records.flatMap(({ name, type, values }) =>
    (type === RecordType.A ? values : (addresses.get(values[0] ?? "") ?? [])).map(
      (value) => `${value} ${name}`,
    ),
  );
}

function lines(of: readonly string[]): string {
  return of.map((line) => `${line}\n`).join("");
}
