import * as pulumi from "@pulumi/pulumi";
import type { Fault } from "../../model/fault.ts";
import { findRuntime } from "../../model/runtimes.ts";
import { knownOr } from "../internal/known.ts";
import type { PlatformArgs } from "../platform.ts";
import { USUAL } from "./container.ts";

const EXTRAS = ["fonts", "gateway"];
/** A platform with its warm pools idles at a third of this. */
const LEAST_MB = 256;

/** What is wrong with the arguments of a platform on Docker. */
export function checkDockerArgs(args: PlatformArgs): Fault[] {
  const { runtimes = [], extras = [], port = USUAL.port, imageBases = {} } = args;
  const images = ["platform", ...runtimes, ...extras];
  return [
    ...checkHost(),
    ...runtimes.flatMap((runtime, index) => checkRuntime(runtime, `runtimes[${index}]`)),
    ...[...runtimes, ...extras].flatMap((image, index, all) =>
      all.indexOf(image) === index
        ? []
        : [fault("runtimes, extras", image, "is named twice", "Name it once.")],
    ),
    ...extras.flatMap((extra, index) =>
      EXTRAS.includes(extra)
        ? []
        : [fault(`extras[${index}]`, extra, `must be one of ${EXTRAS.join(", ")}`, `Use ${EXTRAS[0]}.`)],
    ),
    ...Object.keys(imageBases).flatMap((name) =>
      images.includes(name)
        ? []
        : [
            fault(
              `imageBases.${name}`,
              imageBases[name],
              `is for an image that is not built; those are ${images.join(", ")}`,
              "Name one of them, or add the runtime to runtimes.",
            ),
          ],
    ),
    ...wholeNumber("port", port, { least: 1, most: 65_535 }),
    ...wholeNumber("memoryMb", knownOr(args.memoryMb ?? LEAST_MB, LEAST_MB), {
      least: LEAST_MB,
      most: 1 << 20,
    }),
  ];
}

function checkHost(): Fault[] {
  const host = new pulumi.Config("docker").get("host");
  if (host === undefined || host.startsWith("unix://")) return [];
  return [
    fault(
      "docker:host",
      host,
      "must be an engine of this machine: the platform shares folders with its instances",
      "Type `pulumi config set docker:host unix:///var/run/docker.sock`, and run Pulumi on the engine's machine.",
    ),
  ];
}

function checkRuntime(runtime: string, property: string): Fault[] {
  const row = findRuntime(runtime);
  if (row === undefined)
    return [
      fault(property, runtime, "is no runtime", "Use one of fg.Runtime, for example fg.Runtime.NodeJs20."),
    ];
  if (row.family === "image")
    return [fault(property, runtime, "brings its own image", "Leave it out: functions of it run without.")];
  return row.family === "cangjie"
    ? [fault(property, runtime, "has no image in this version", "Use another runtime, or a container image.")]
    : [];
}

function wholeNumber(
  property: string,
  value: number,
  { least, most }: { readonly least: number; readonly most: number },
): Fault[] {
  if (Number.isInteger(value) && value >= least && value <= most) return [];
  return [fault(property, value, `must be a whole number from ${least} to ${most}`, `Use ${least} or more.`)];
}

function fault(property: string, value: unknown, rule: string, fix: string): Fault {
  return { property, value, rule, fix, code: "FSS.0400" };
}
