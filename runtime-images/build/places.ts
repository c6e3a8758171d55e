import { fileURLToPath } from "node:url";

/** The folder `runtime-images/`. */
export const IMAGES = fileURLToPath(new URL("..", import.meta.url));

/** Where the bootstraps are in an image (RUNTIME_ROOT of guide 3.3.6), without a leading slash. */
export const RUNTIME_ROOT = "home/snuser/runtime";
