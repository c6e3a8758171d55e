// What a program is started with: by `nodeargs: --import=fungraph/typescript` in its Pulumi.yaml, and by `fungraph dev`.
import { isMainThread } from "node:worker_threads";

await import("./typescript.mjs");

// The thread that packs code gets ready while this one loads Pulumi's SDK. Threads of the program's own need neither.
if (isMainThread) {
  const { startPacker } = await import("../components/internal/packer.ts");
  startPacker();
  await import("./late-modules.mjs");
}
