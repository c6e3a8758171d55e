import * as pulumi from "@pulumi/pulumi";
import type { Fault } from "../../model/fault.ts";
import { findRuntime } from "../../model/runtimes.ts";
import type { Provider } from "../provider.ts";
import { failOn } from "./errors.ts";
import { isKnown } from "./known.ts";

const OURS = "fungraph:index:";
const FUNCTION = `${OURS}Function`;
const VPC = `${OURS}Vpc`;
const NAT_GATEWAY = `${OURS}NatGateway`;
/** What the extra image is called that both need. */
const GATEWAY = "gateway";
/** Not deployed to a platform, but what platforms are made of. */
const PLATFORM = /^fungraph:index:(Platform$|Docker)/;

/** A platform that the program itself declares. */
interface Place {
  readonly provider: Provider;
  /** Holds everything that is deployed. */
  readonly data: pulumi.Resource;
}

/** What images of a platform were declared for. */
interface PlatformImages {
  readonly runtimes: readonly string[];
  readonly extras: readonly string[];
}

/**
 * Sends every resource of ours that is declared from now on, and names no provider, to a platform of the same program. They
 * lie in its data: when that goes, they need not be deleted one by one, so a platform that no longer answers can be destroyed.
 *
 * A transformation does it, because the same program must deploy to the platform of its stack's settings on other targets.
 * @param images what the platform has images of; what needs another one is refused
 */
export function deployOnto({ provider, data }: Place, images: PlatformImages): void {
  // Unit tests with mocks have no stack, and deploy nowhere.
  if (pulumi.runtime.getStackResource() === undefined) return;
  pulumi.runtime.registerStackTransformation(({ type, name, props, opts }) => {
    const options = opts as pulumi.CustomResourceOptions;
    if (!type.startsWith(OURS) || PLATFORM.test(type)) return undefined;
    const named = options.provider ?? options.parent?.getProvider(type);
    if (named !== undefined && named !== provider) return undefined;
    failOn({ kind: type.slice(OURS.length), name }, checkImages(type, props, images));
    return { props, opts: { deletedWith: data, ...options, provider } };
  });
}

/** A VPC's zones and its way out run in a container of an image of their own. */
function checkImages(type: string, props: pulumi.Inputs, { runtimes, extras }: PlatformImages): Fault[] {
  if (type === FUNCTION) return checkRuntime(props["runtime"] as pulumi.Input<string>, runtimes);
  const zones = props["zones"] as readonly unknown[] | undefined;
  const needsGateway = type === NAT_GATEWAY || (type === VPC && (zones?.length ?? 0) > 0);
  if (!needsGateway || extras.includes(GATEWAY)) return [];
  return [
    {
      property: type === VPC ? "zones" : "vpcId",
      rule: "needs the image of gateways, which the platform has not",
      fix: `Add it to the platform: new fg.Platform(..., { extras: [${[...extras, GATEWAY].map((each) => JSON.stringify(each)).join(", ")}] }).`,
      code: "FSS.0400",
    },
  ];
}

function checkRuntime(runtime: pulumi.Input<string>, runtimes: readonly string[]): Fault[] {
  if (!isKnown(runtime) || runtimes.includes(runtime) || findRuntime(runtime)?.family === "image") return [];
  const built = runtimes.length === 0 ? "none" : runtimes.join(", ");
  return [
    {
      property: "runtime",
      value: runtime,
      rule: `has no image on the platform; it has ${built}`,
      fix: `Add it to the platform: new fg.Platform(..., { runtimes: [${[...runtimes, runtime].map((each) => JSON.stringify(each)).join(", ")}] }).`,
      code: "FSS.0400",
    },
  ];
}
