import { recordName, RecordType, type ZoneSpec } from "../../../../model/vpc.ts";

/** What the gateway's name server reads: once, and whenever it is told to. */
export interface ZoneFiles {
  readonly "dns.conf": string;
  readonly hosts: string;
  readonly servers: string;
}

/**
 * Private zones as dnsmasq takes them; their names were checked. All that zones can change is in the files that it reads again: a name that
 * stands for another has that one's addresses.
 * @param options.address where it listens. @param options.outward other names are asked for on the way out; else they do not exist
 */
export function renderZones(
  zones: readonly ZoneSpec[],
  { address, outward }: { readonly address: string; readonly outward: boolean },
): ZoneFiles {
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
