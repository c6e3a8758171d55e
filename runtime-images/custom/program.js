"use strict";
// The function's own program: the file `bootstrap` at the root of the code, its start, its end, and what its faults mean.
const fs = require("node:fs");
const path = require("node:path");
const { spawn } = require("node:child_process");

const X86_64 = 0x3e;
/** A program that was asked to end and does not is ended this long before the grace is over. */
const RESERVE_MS = 100;

/** A fault of the code, with a sentence that says what to do. */
class ProgramFault extends Error {
  constructor(message) {
    super(message);
    this.name = "FunctionLoadError";
  }
}

/**
 * Starts the program; its output is the instance's own.
 * @param load what LOAD said
 * @param options `environment`: beside what LOAD says; `lenient`: a text without `#!` is a script of the shell
 * @returns the child process, running
 * @throws ProgramFault when it cannot be started
 */
exports.start = async function (load, options) {
  const file = path.join(load.codeRoot, "bootstrap");
  const first = readStart(file);
  const script = options.lenient && !isElf(first) && !first.startsWith("#!");
  const [command, ...args] = script ? ["/bin/sh", file] : [file];
  const child = spawn(command, args, {
    cwd: workingFolder(load.codeRoot),
    env: { ...process.env, ...load.environment, ...options.environment },
    stdio: ["ignore", "inherit", "inherit"],
  });
  await new Promise(function (resolve, reject) {
    child.once("spawn", resolve);
    child.once("error", function (error) {
      reject(new ProgramFault(explain(error, first)));
    });
  });
  return child;
};

/** Asks every process of the instance but this one to end, and waits for the program for at most the grace. */
exports.stop = function (child, graceMs) {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise(function (resolve) {
    child.once("exit", resolve);
    setTimeout(resolve, Math.max(0, graceMs - RESERVE_MS));
    process.on("SIGTERM", () => undefined);
    process.kill(0, "SIGTERM");
  });
};

/** `exited with code 3` or `was ended by signal SIGSEGV`. */
exports.describeEnd = function (code, signal) {
  return signal === null ? `exited with code ${code}` : `was ended by signal ${signal}`;
};

exports.ProgramFault = ProgramFault;

/** The first bytes, as Latin-1 text. */
function readStart(file) {
  let descriptor;
  try {
    descriptor = fs.openSync(file, "r");
  } catch (error) {
    if (error.code === "ENOENT")
      throw new ProgramFault(
        "there is no file bootstrap at the root of the code. Put the program or script that starts the function there, with exactly this name.",
      );
    throw new ProgramFault(`the file bootstrap cannot be read: ${error.message}`);
  }
  try {
    const start = Buffer.alloc(128);
    return start.toString("latin1", 0, fs.readSync(descriptor, start, 0, start.length, 0));
  } catch (error) {
    throw new ProgramFault(`the file bootstrap cannot be read: ${error.message}`);
  } finally {
    fs.closeSync(descriptor);
  }
}

/** Code at /opt/function/code begins its work in /opt/function. */
function workingFolder(codeRoot) {
  try {
    const parent = path.dirname(codeRoot);
    fs.accessSync(parent, fs.constants.X_OK);
    return parent;
  } catch {
    // The parent may be closed to the function's user; the code folder is not.
    return codeRoot;
  }
}

function isElf(start) {
  return start.startsWith("\x7fELF");
}

function explain(error, start) {
  if (error.code === "EACCES")
    return "the file bootstrap is not executable. Set its mode before packing: chmod +x bootstrap.";
  if (error.code === "ENOEXEC") return explainFormat(start);
  if (error.code === "ENOENT" && start.startsWith("#!")) return explainInterpreter(start);
  if (error.code === "ENOENT")
    return "the program bootstrap needs a loader that is not here. Link it statically, or build it for Linux with glibc on x86-64.";
  return `the program bootstrap cannot be started: ${error.message}`;
}

function explainFormat(start) {
  const machine = start.charCodeAt(18) | (start.charCodeAt(19) << 8);
  if (isElf(start) && machine !== X86_64)
    return `the program bootstrap is built for another processor (ELF machine ${machine}). Build it for Linux on x86-64.`;
  if (isElf(start)) return "the program bootstrap is damaged. Build and pack it again.";
  return 'the file bootstrap is neither a Linux program nor a script. Begin it with the line "#!/bin/sh", for example.';
}

function explainInterpreter(start) {
  const line = start.split("\n", 1)[0];
  if (line.endsWith("\r"))
    return "the first line of bootstrap ends with a carriage return. Save the file with Unix line ends (LF).";
  return `the interpreter that bootstrap names does not exist here: ${line.slice(2).trim()}. Use one that does, for example /bin/sh.`;
}
