import { writeFileSync } from "node:fs";
import type { NetworkPlace } from "../surroundings.ts";
import type { Cleanup } from "./cleanup.ts";
import { Container } from "./container.ts";
import type { NetworkSpot } from "./container-plan.ts";
import type { Ground } from "./instance-maker.ts";
import type { Seat } from "./vpc/seats.ts";

/** A container that runs, and its place in a VPC. */
interface Begun {
  readonly container: Container;
  readonly seat: Seat | undefined;
}

/** Starts a container where it belongs. What is said of it depends on its address, and that is certain only when it has started. */
export async function begin(
  ground: Ground,
  place: NetworkPlace | undefined,
  cleanup: Cleanup,
  describe: (spot: NetworkSpot) => object,
): Promise<Begun> {
  let container: Container | undefined;
  const start = async (spot: NetworkSpot): Promise<void> => {
    await container?.remove();
    container = await Container.create(ground.engine, describe(spot));
    await container.start().catch(explainMount);
  };
  cleanup.add(async () => container?.remove());
  const seat = place && (await ground.seats.seat(place, start));
  if (seat === undefined) await start({ network: ground.network });
  else cleanup.add(async () => seat.free());
  if (container === undefined) throw new Error("no container was started");
  return { container, seat };
}

/** @throws what the engine said, or for a file system that cannot be mounted what to look at */
function explainMount(error: unknown): never {
  const reason = /failed to mount local volume: mount :(\S+?):.*addr=([^,]+),.*: ([^:]+)$/.exec(
    String(error),
  );
  if (reason === null) throw error;
  const [, path = "", server = "", said = ""] = reason;
  throw new Error(
    `the file system ${server}:${path} cannot be mounted: ${said}. Check that the server exports it to the platform's machine, and that this machine has NFS (package nfs-common).`,
    { cause: error },
  );
}

/** First out, then in: in between it has no network at all. */
export async function moveInto(
  { engine, network: shared, seats }: Ground,
  container: Container,
  resolverFile: string,
  place: NetworkPlace,
): Promise<Seat> {
  const leave = { Container: container.id, Force: true };
  await engine.ask({ method: "POST", path: `/networks/${shared}/disconnect`, json: leave });
  return seats.seat(place, async ({ network, address, resolver }) => {
    writeResolver(resolverFile, resolver);
    const endpoint = { IPAMConfig: { IPv4Address: address } };
    const json = { Container: container.id, EndpointConfig: endpoint };
    await engine.ask({ method: "POST", path: `/networks/${network}/connect`, json });
  });
}

/** In place: the container sees this very file. @param address default: the engine's own name server, as in every container */
export function writeResolver(file: string, address = "127.0.0.11"): void {
  // Where nobody answers that is soon clear: a VPC without zones and a way out has no names.
  writeFileSync(file, `nameserver ${address}\noptions ndots:0 timeout:2 attempts:2\n`, { mode: 0o644 });
}
