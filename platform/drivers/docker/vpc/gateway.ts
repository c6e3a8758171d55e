import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { EngineError } from "../engine.ts";
import { Container } from "../container.ts";
import { closeMachine, openMachine } from "../firewall.ts";
import { bridgeName } from "../network.ts";
import type { VpcPlan } from "../../surroundings.ts";
import { ownAddresses } from "./addresses.ts";
import { type Egress, renderEgress, renderGateway } from "./gateway-plan.ts";
import type { VpcGround } from "./vpc.ts";
import { renderZones } from "./zone-file.ts";

/** A gateway that is not ready after this time never will be. */
const READY_MS = 30_000;

/** The gateway of one VPC while it runs: private zones, and the way out. */
export class Gateway {
  readonly #ground: VpcGround;
  readonly #container: Container;
  readonly #folder: string;
  readonly #egress: Egress | undefined;

  private constructor(
    ground: VpcGround,
    parts: { container: Container; folder: string; egress: Egress | undefined },
  ) {
    this.#ground = ground;
    this.#container = parts.container;
    this.#folder = parts.folder;
    this.#egress = parts.egress;
  }

  /** Rejects with what it wrote when it does not get ready, and leaves nothing behind then. */
  static async start(ground: VpcGround, plan: VpcPlan): Promise<Gateway> {
    const { engine, images, labels, network, folder: runFolder } = ground;
    const image = await images.ofGateways();
    const name = `vpc-${plan.id}`;
    const folder = runFolder.add(name);
    let egress: Egress | undefined;
    try {
      writeZones(folder, plan);
      egress = plan.nat === undefined ? undefined : await makeEgress(ground, plan.nat.address);
      const description = renderGateway(plan, {
        image: image.id,
        labels,
        network,
        folder: ground.paths.onHost(folder),
        egress,
      });
      const container = await Container.create(engine, description);
      const gateway = new Gateway(ground, { container, folder, egress });
      await gateway.#begin().catch(async (error: unknown) => {
        await container.remove();
        throw error;
      });
      return gateway;
    } catch (error) {
      if (egress !== undefined) await removeEgress(ground, egress).catch(() => undefined);
      await runFolder.remove(name);
      throw error;
    }
  }

  /** Puts other zones in force; its name server has them some milliseconds later. False when somebody has removed it. */
  async answer(plan: VpcPlan): Promise<boolean> {
    writeZones(this.#folder, plan);
    return this.#container.signal("SIGHUP").then(
      () => true,
      () => false,
    );
  }

  async remove(): Promise<void> {
    await this.#container.remove();
    if (this.#egress !== undefined) await removeEgress(this.#ground, this.#egress);
    await this.#ground.folder.remove(`vpc-${this.#ground.id}`);
  }

  async #begin(): Promise<void> {
    const { engine } = this.#ground;
    if (this.#egress !== undefined) {
      const json = { Container: this.#container.id };
      await engine.ask({ method: "POST", path: `/networks/${this.#egress.name}/connect`, json });
    }
    let wrote = "";
    let timer: NodeJS.Timeout | undefined;
    const ready = new Promise<boolean>((resolve) => {
      timer = setTimeout(resolve, READY_MS, false);
      this.#container.onOutput((chunk) => {
        wrote = `${wrote}${chunk.toString()}`.slice(-2_000);
        if (/^ready$/m.test(wrote)) resolve(true);
      });
    });
    await this.#container.start();
    const isReady = await ready;
    clearTimeout(timer);
    if (!isReady)
      throw new Error(`the gateway did not get ready within ${READY_MS / 1000} s: ${wrote.trim()}`);
  }
}

/** True when the VPC has something that a gateway is for. */
export function needsGateway({ zones, nat }: VpcPlan): boolean {
  return zones.length > 0 || nat !== undefined;
}

function writeZones(folder: string, { range, zones, nat }: VpcPlan): void {
  const files = renderZones(zones, { address: ownAddresses(range).gateway, outward: nat !== undefined });
  for (const [file, text] of Object.entries(files) as [string, string][])
    writeFileSync(join(folder, file), text, { mode: 0o644 });
}

async function makeEgress(ground: VpcGround, address: string | undefined): Promise<Egress> {
  const { engine, labels, mark } = ground;
  const name = `${ground.network}-out`;
  const bridge = bridgeName(name);
  await engine.ask({
    method: "POST",
    path: "/networks/create",
    json: renderEgress(address, { name, bridge, labels }),
  });
  try {
    await closeMachine({ bridge, closed: false }, `${mark}/${bridge}`);
    const { IPAM } = await engine.ask<{ IPAM: { Config: { Subnet: string; Gateway: string }[] } }>({
      method: "GET",
      path: `/networks/${name}`,
    });
    const [place] = IPAM.Config;
    return { name, gateway: place?.Gateway ?? "", range: place?.Subnet ?? "" };
  } catch (error) {
    await removeEgress(ground, { name }).catch(() => undefined);
    throw error;
  }
}

async function removeEgress({ engine, mark }: VpcGround, { name }: Pick<Egress, "name">): Promise<void> {
  await openMachine((one) => one === `${mark}/${bridgeName(name)}`);
  await engine.ask({ method: "DELETE", path: `/networks/${name}` }).catch((error: unknown) => {
    if (!(error instanceof EngineError) || error.status !== 404) throw error;
  });
}
