import { LABEL } from "./container-plan.ts";

const ID_LENGTH = 12;

/** A mount of a volume that holds what an image makes only once; the engine makes the volume with it. */
export interface CacheMount {
  readonly Type: "volume";
  readonly Source: string;
  readonly Target: string;
  readonly VolumeOptions: { readonly Labels: Readonly<Record<string, string>> };
}

/**
 * The volume is kept, and all platforms on the engine share it; one that a stack declares has its own, which goes with the stack.
 * @param kind what is in it. @param image id of the image that it is made of
 */
export function cacheMount(
  kind: "fonts" | "prepared",
  {
    image,
    target,
    stack,
  }: { readonly image: string; readonly target: string; readonly stack: string | undefined },
): CacheMount {
  const id = image.replace(/^sha256:/, "").slice(0, ID_LENGTH);
  return {
    Type: "volume",
    Source: `${stack ?? "fungraph"}-${kind}-${id}`,
    Target: target,
    VolumeOptions: { Labels: stack === undefined ? {} : { [LABEL.stack]: stack } },
  };
}
