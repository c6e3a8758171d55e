import proto from "@pulumi/pulumi/proto/provider_pb.js";
import { methods, ProviderProcess, wire } from "./engine.ts";
import { KindsApi, type World } from "./kinds.ts";

/** A platform on which every kind can be made, and the provider's own process configured for it. */
export class KindsProvider implements AsyncDisposable {
  readonly kinds: KindsApi;
  readonly world: World;
  readonly provider: ProviderProcess;

  private constructor(kinds: KindsApi, world: World, provider: ProviderProcess) {
    this.kinds = kinds;
    this.world = world;
    this.provider = provider;
  }

  static async start(): Promise<KindsProvider> {
    const kinds = await KindsApi.start();
    const world = await kinds.world();
    const provider = await ProviderProcess.start();
    const { projectId, accessKey, secretKey } = kinds.api.credential;
    const settings = wire({ endpoint: kinds.api.url, projectId, region: "local", accessKey, secretKey });
    await provider.call(methods.configure, new proto.ConfigureRequest().setArgs(settings));
    return new KindsProvider(kinds, world, provider);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.provider[Symbol.asyncDispose]();
    await this.kinds[Symbol.asyncDispose]();
  }
}

/** The URN of a resource as Pulumi names it. */
export function urnOf(kind: string): string {
  return `urn:pulumi:dev::shop::fungraph:index:${kind}::x`;
}
