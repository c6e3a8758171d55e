/** What `node.mjs` tells of to TypeScript: how the command's own processes are started. */
export declare const nodeArguments: readonly string[];
