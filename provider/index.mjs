// The entry that Pulumi's host of Node.js plugins requires. It strips types first, as an installed package needs.
void import("../launch/typescript.mjs").then(() => import("./plugin/main.ts"));
