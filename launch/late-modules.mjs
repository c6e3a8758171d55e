// Two thirds of what Pulumi's SDK loads when a program starts is of use to few programs: the automation API, and what
// serializes functions (the TypeScript compiler, npm's reader of package trees). Here that is loaded when it is first
// touched, which halves the time until a program begins. An SDK without these parts is left as it is.
import { createRequire, Module } from "node:module";

const PARTS = ["./automation", "./typescript-shim", "@npmcli/arborist"];

const require = createRequire(import.meta.url);
const sdk = createRequire(require.resolve("@pulumi/pulumi"));

function postpone(part) {
  const file = find(part);
  if (file === undefined || require.cache[file] !== undefined) return;
  const module = new Module(file);
  module.filename = file;
  module.loaded = true;
  module.exports = lateExports(() => {
    if (require.cache[file] === module) delete require.cache[file];
    return sdk(file);
  });
  require.cache[file] = module;
}

function find(part) {
  try {
    return sdk.resolve(part);
  } catch {
    return undefined;
  }
}

// A bound function can be called and constructed, and has no property that a proxy could not hide.
const stand = function unbound() {}.bind();

/** Stands for what a module exports, until somebody wants anything of it. */
function lateExports(load) {
  const traps = ["apply", "construct", "defineProperty", "deleteProperty", "has", "ownKeys", "set"];
  const handler = Object.fromEntries(
    traps.map((trap) => [trap, (_stand, ...args) => Reflect[trap](load(), ...args)]),
  );
  // Compiled imports ask for the mark of an ES module first; with it they take the exports as they are.
  handler.get = (_stand, key) => key === "__esModule" || Reflect.get(load(), key);
  handler.getOwnPropertyDescriptor = (_stand, key) => {
    const found = Reflect.getOwnPropertyDescriptor(load(), key);
    return found && { ...found, configurable: true };
  };
  return new Proxy(stand, handler);
}

for (const part of PARTS) postpone(part);
