import { mkdirSync, realpathSync } from "node:fs";
import { env } from "node:process";
import type { VpcKeeper } from "../../surroundings.ts";
import { Engine } from "../engine.ts";
import type { EngineFacts } from "../engine-facts.ts";
import { HostPaths } from "../host-paths.ts";
import { imageRepository, Images } from "../images.ts";
import { Vpcs } from "./vpcs.ts";

/** What the keeper of a platform of several processes is opened with. */
interface KeeperOptions {
  /** Name of the platform, as its drivers have it. */
  readonly platform: string;
  /** Folder that all processes of the platform share, for what gateways read; made when it is missing. */
  readonly folder: string;
  /** First part of the names of images. Default: FUNGRAPH_IMAGES, else `fungraph`. */
  readonly repository?: string;
}

/** Keeps VPCs on the Docker Engine of this machine. Rejects with a sentence when there is none. */
export async function openDockerKeeper({
  platform,
  folder,
  repository = imageRepository(),
}: KeeperOptions): Promise<VpcKeeper> {
  const engine = new Engine();
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  const { ID } = await engine.ask<EngineFacts>({ method: "GET", path: "/info" });
  const vpcs = new Vpcs({
    engine,
    images: new Images(engine, repository),
    paths: await HostPaths.open(engine),
    folder: realpathSync(folder),
    home: platform,
    stack: env["FUNGRAPH_STACK"],
  });
  return {
    engine: ID,
    keep: (plans) => vpcs.arrange(plans),
    close: () => engine.close(),
  };
}
