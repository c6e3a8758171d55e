import * as pulumi from "@pulumi/pulumi";
import type { PlatformArgs } from "../platform.ts";
import { Provider } from "../provider.ts";
import { containerArgs, USUAL } from "./container.ts";
import { DockerAccess, DockerEngine, DockerImage, DockerInstances } from "./engine-resources.ts";
import { platformScope } from "./names.ts";
import type { DockerSdk } from "./sdk.ts";

/** A platform in a container, and what its component tells of it. */
export interface PlatformOnDocker {
  readonly endpoint: string;
  readonly access: DockerAccess;
  /** Where the functions go that name no other place. */
  readonly provider: Provider;
  /** Holds all that is deployed to the platform. */
  readonly data: pulumi.CustomResource;
}

/**
 * Declares the platform's resources. The order in which they depend on each other is the order of their making; they go in the
 * reverse one: after the container the instances that it has left, and then the volume that they lie on.
 */
export function declareOnDocker(
  name: string,
  args: PlatformArgs,
  { docker, parent }: { docker: DockerSdk; parent: pulumi.Resource },
): PlatformOnDocker {
  const scope = platformScope(pulumi.getProject(), pulumi.getStack(), name);
  const host = new pulumi.Config("docker").get("host");
  const { address = USUAL.address, port = USUAL.port } = args;
  const home = { repository: scope, host };

  const engine = new DockerEngine(`${name}-engine`, { platform: scope, address, port, host }, { parent });
  const labels = [{ label: "fungraph.stack", value: scope }];
  const data = new docker.Volume(
    `${name}-data`,
    { name: `${scope}-data`, labels: [{ label: "fungraph.part", value: "data" }, ...labels] },
    { parent, dependsOn: engine },
  );
  const instances = new DockerInstances(
    `${name}-instances`,
    { ...home, platform: scope },
    { parent, dependsOn: data },
  );
  const imageOf = (runtime: string): DockerImage =>
    new DockerImage(
      `${name}-${imageName(runtime)}`,
      { ...home, runtime, base: args.imageBases?.[runtime] },
      { parent, dependsOn: instances },
    );
  const program = imageOf("platform");
  const images = [...(args.runtimes ?? []), ...(args.extras ?? [])].map(imageOf);

  const container = new docker.Container(
    name,
    containerArgs(args, { scope, labels, image: program.imageId, socket: engine.socket, data: data.name }),
    { parent, dependsOn: images, deleteBeforeReplace: true },
  );
  const endpoint = endpointOf(address, port);
  const access = new DockerAccess(
    `${name}-access`,
    { container: container.id, data: data.name, endpoint, host },
    { parent },
  );
  const provider = new Provider(name, { endpoint, ...keysOf(access) }, { parent });
  return { endpoint, access, provider, data };
}

function keysOf({ projectId, region, accessKey, secretKey }: DockerAccess): {
  [key in "projectId" | "region" | "accessKey" | "secretKey"]: pulumi.Output<string>;
} {
  return { projectId, region, accessKey, secretKey };
}

/** `Node.js20.15` as a part of a resource's name: `node-js20-15`. */
function imageName(runtime: string): string {
  return runtime
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");
}

/** Where programs on this machine reach it: an address that means all addresses is none to call. */
function endpointOf(address: string, port: number): string {
  const own = { "0.0.0.0": "127.0.0.1", "::": "::1" }[address] ?? address;
  return `http://${own.includes(":") ? `[${own}]` : own}:${port}`;
}
