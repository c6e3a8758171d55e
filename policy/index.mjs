// The entry that Pulumi requires. It strips types first, so that the pack runs from an installed package too.

// @pulumi/policy takes the pack's version from the package.json of the working folder, which hosts choose differently.
process.chdir(import.meta.dirname);
void import("../launch/typescript.mjs").then(() => import("./pack.ts"));
