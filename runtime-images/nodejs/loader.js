"use strict";
// Finds `file.function` in the code folder, as CommonJS or as an ECMAScript module.
const fs = require("fs");
const path = require("path");
const failures = require("./failures");

const ENDINGS = [".js", ".cjs", ".mjs"];
const MAJOR = Number(process.versions.node.split(".")[0]);
/** Codes by which require() says that only import() can load the file. */
const NEEDS_IMPORT = ["ERR_REQUIRE_ESM", "ERR_REQUIRE_ASYNC_MODULE"];

const modules = new Map();

/** `{file, name}` of a handler such as `src/index.handler`. */
function split(handler) {
  const dot = handler.lastIndexOf(".");
  if (dot > 0 && dot < handler.length - 1)
    return { file: handler.slice(0, dot), name: handler.slice(dot + 1) };
  throw new failures.FunctionFault(
    "FunctionConfigError",
    "handler " + JSON.stringify(handler) + " must have the form file.function, for example index.handler"
  );
}

function entry(codeRoot, file) {
  const base = path.resolve(codeRoot, file);
  for (const ending of ENDINGS) if (fs.existsSync(base + ending)) return base + ending;
  throw new failures.FunctionFault("FunctionLoadError", "not found module './" + file + ".js'");
}

function load(file) {
  if (!modules.has(file))
    modules.set(file, path.extname(file) === ".mjs" ? importFile(file) : requireFile(file));
  return modules.get(file);
}

function requireFile(file) {
  return new Promise(function (resolve) {
    resolve(require(file));
  }).catch(function (error) {
    if (error && NEEDS_IMPORT.indexOf(error.code) >= 0) return importFile(file);
    throw error;
  });
}

function importFile(file) {
  return require("./import-module")(require("url").pathToFileURL(file).href);
}

/** Resolves to the exported function; rejects when file or function are missing or the file throws. */
exports.find = function (codeRoot, handler, role) {
  return Promise.resolve().then(function () {
    const parts = split(handler);
    const file = entry(codeRoot, parts.file);
    return load(file).then(function (exported) {
      const found = member(exported, parts.name);
      if (typeof found === "function") return found;
      const where = "'./" + path.relative(codeRoot, file) + "'";
      throw new failures.FunctionFault(
        "FunctionConfigError",
        role + " '" + parts.name + "' not found in module " + where
      );
    });
  });
};

function member(exported, name) {
  if (exported[name] !== undefined) return exported[name];
  return exported.default ? exported.default[name] : undefined;
}

/** A handler takes event and context, and may take a callback. */
exports.checkHandler = function (handler) {
  const least = MAJOR === 6 ? 3 : 2;
  if (handler.length >= least && handler.length <= 3) return;
  wrongParameters("handler", least === 3 ? "3 parameters" : "2 or 3 parameters", handler);
};

/** An initializer takes context and callback; an `async` one may do without the callback. */
exports.checkInitializer = function (initializer) {
  const least = initializer.constructor.name === "AsyncFunction" ? 0 : 2;
  if (initializer.length < least || initializer.length > 2)
    wrongParameters("initializer", "2 parameters (context, callback)", initializer);
};

function wrongParameters(role, wanted, taken) {
  throw new failures.FunctionFault(
    "FunctionConfigError",
    role + " expect to have " + wanted + ", but received " + taken.length
  );
}
