// Builds the images that tests run in, one after the other: node test/images/prepare.ts. Tests build what is missing themselves, but two of
// them at a time.
import { Engine } from "../../platform/drivers/docker/engine.ts";
import { runtimeImage, unbuildable } from "./runtime-image.ts";
import { RUNTIMES_IN_IMAGES } from "./subjects.ts";

const engine = new Engine();
for (const runtime of [...RUNTIMES_IN_IMAGES, "http", "fonts"]) {
  const why = await unbuildable(runtime);
  if (why !== undefined) {
    console.log(`${runtime}: cannot be built here: ${why}`);
    continue;
  }
  const began = performance.now();
  const { tag, size, baseSize } = await runtimeImage(engine, runtime);
  const [megabytes, ratio] = [Math.round(size / 1e6), (size / baseSize).toFixed(2)];
  const seconds = Math.round((performance.now() - began) / 1000);
  console.log(`${runtime}: ${tag}, ${megabytes} MB, ${ratio} of its base, ${seconds} s`);
}
engine.close();
