import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { VpcPlan } from "../../surroundings.ts";
import { Container } from "../container.ts";
import { LABEL } from "../container-plan.ts";
import { closeMachine } from "../firewall.ts";
import { bridgeName } from "../network.ts";
import { ownAddresses } from "./addresses.ts";
import { type Egress, renderEgress, renderGateway } from "./gateway-plan.ts";
import type { RemainingContainer, VpcGround, VpcRemains } from "./ground.ts";
import { egressNetwork, removeNetwork, vpcLabels, vpcMark, vpcNetwork } from "./network.ts";
import { writeZones } from "./zone-file.ts";

/** A gateway that is not ready after this time never will be. */
const READY_MS = 30_000;

/** True when the VPC has something that a gateway is for. */
export function needsGateway({ zones, nat }: VpcPlan): boolean {
  return zones.length > 0 || nat !== undefined;
}

/**
 * Has the gateway of a VPC run as it is declared, with its private zones, and its way out. One that somebody else has made stays, and so do
 * the connections through it. Rejects with what it wrote when it does not get ready, and leaves nothing behind then.
 */
export async function holdGateway(ground: VpcGround, plan: VpcPlan, remains: VpcRemains): Promise<void> {
  const [container, ...more] = remains.containers;
  if (container !== undefined && more.length === 0 && (await stays(ground, plan, container))) {
    writeZones(zoneFolder(ground, plan.id), zonesOf(plan));
    await holdEgressRules(ground, plan);
    if (await answersAnew(ground, container)) return;
  }
  await removeGateway(ground, plan.id, remains.containers);
  await start(ground, plan);
}

/** Removes the gateway of a VPC with all that belongs to it, as far as it is there. */
export async function removeGateway(
  ground: VpcGround,
  vpcId: string,
  containers: readonly Pick<RemainingContainer, "Id">[],
): Promise<void> {
  const { engine, home } = ground;
  await Promise.all(containers.map(({ Id }) => Container.of(engine, Id).remove()));
  await removeNetwork(engine, egressNetwork(home, vpcId));
  await rm(zoneFolder(ground, vpcId), { recursive: true, force: true });
}

/** One of the newest image, for the same VPC, that runs and sees the zones that are written. */
async function stays(ground: VpcGround, plan: VpcPlan, found: RemainingContainer): Promise<boolean> {
  if (found.State !== "running" || found.Labels[LABEL.gateway] !== purpose(ground, plan)) return false;
  // Where the image is gone it runs on.
  const image = await ground.images.ofGateways().catch(() => undefined);
  return (image === undefined || image.id === found.ImageID) && existsSync(zoneFolder(ground, plan.id));
}

/** Its name server reads zones that changed some milliseconds later. False when somebody has removed it. */
function answersAnew({ engine }: VpcGround, { Id }: RemainingContainer): Promise<boolean> {
  return Container.of(engine, Id)
    .signal("SIGHUP")
    .then(
      () => true,
      () => false,
    );
}

async function start(ground: VpcGround, plan: VpcPlan): Promise<void> {
  const { engine, images, home, paths } = ground;
  const image = await images.ofGateways();
  const containers: Container[] = [];
  try {
    const folder = zoneFolder(ground, plan.id);
    writeZones(folder, zonesOf(plan));
    const egress = plan.nat === undefined ? undefined : await makeEgress(ground, plan);
    const network = vpcNetwork(home, plan.id);
    const description = renderGateway(plan, {
      image: image.id,
      labels: { ...vpcLabels(ground, plan.id), [LABEL.gateway]: purpose(ground, plan) },
      network,
      folder: paths.onHost(folder),
      egress,
    });
    const container = await Container.create(engine, description, `${network}-gateway`);
    containers.push(container);
    if (egress !== undefined) {
      const json = { Container: container.id };
      await engine.ask({ method: "POST", path: `/networks/${egress.name}/connect`, json });
    }
    await begin(container);
  } catch (error) {
    const made = containers.map(({ id }) => ({ Id: id }));
    await removeGateway(ground, plan.id, made).catch(() => undefined);
    throw error;
  }
}

async function begin(container: Container): Promise<void> {
  let wrote = "";
  let timer: NodeJS.Timeout | undefined;
  const ready = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, READY_MS, false);
    container.onOutput((chunk) => {
      wrote = `${wrote}${chunk.toString()}`.slice(-2_000);
      if (/^ready$/m.test(wrote)) resolve(true);
    });
  });
  try {
    await container.start();
    if (!(await ready))
      throw new Error(`the gateway did not get ready within ${READY_MS / 1000} s: ${wrote.trim()}`);
  } finally {
    clearTimeout(timer);
    container.unfollow();
  }
}

async function makeEgress(ground: VpcGround, plan: VpcPlan): Promise<Egress> {
  const { engine, home } = ground;
  const name = egressNetwork(home, plan.id);
  const bridge = bridgeName(name);
  const json = renderEgress(plan.nat?.address, {
    name,
    bridge,
    labels: vpcLabels(ground, plan.id, "egress"),
  });
  await engine.ask({ method: "POST", path: "/networks/create", json });
  await holdEgressRules(ground, plan);
  const { IPAM } = await engine.ask<{ IPAM: { Config: { Subnet: string; Gateway: string }[] } }>({
    method: "GET",
    path: `/networks/${name}`,
  });
  const [place] = IPAM.Config;
  return { name, gateway: place?.Gateway ?? "", range: place?.Subnet ?? "" };
}

async function holdEgressRules({ home }: VpcGround, { id, nat }: VpcPlan): Promise<void> {
  if (nat === undefined) return;
  const bridge = bridgeName(egressNetwork(home, id));
  await closeMachine({ bridge, closed: false }, vpcMark(home) + bridge);
}

/** What a gateway was made for and cannot change: all but its zones. */
function purpose({ paths, folder }: VpcGround, { range, nat }: VpcPlan): string {
  const text = JSON.stringify([range, nat ?? null, paths.onHost(folder)]);
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

function zoneFolder({ folder }: VpcGround, vpcId: string): string {
  return join(folder, vpcId);
}

function zonesOf({ range, zones, nat }: VpcPlan): Parameters<typeof writeZones>[1] {
  return { zones, address: ownAddresses(range).gateway, outward: nat !== undefined };
}
