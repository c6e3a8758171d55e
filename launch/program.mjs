// What a program is started with: by `nodeargs: --import=fungraph/typescript` in its Pulumi.yaml, and by `fungraph dev`.
await import("./typescript.mjs");
await import("./late-modules.mjs");
