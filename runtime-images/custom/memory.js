"use strict";
// Resident memory of the function's own program and all that it started.
const fs = require("node:fs");

const SAMPLE_EVERY_MS = 250;
const PAGE_KIB = 4;

let sampledAt = -Infinity;
let kib = 0;

/** In KiB, read at most every 250 ms; 0 where the kernel does not tell. */
exports.residentKib = function (pid) {
  const now = performance.now();
  if (now - sampledAt >= SAMPLE_EVERY_MS) {
    sampledAt = now;
    kib = tree(pid);
  }
  return kib;
};

function tree(pid) {
  try {
    const own = Number(fs.readFileSync(`/proc/${pid}/statm`, "latin1").split(" ")[1]) * PAGE_KIB;
    const children = fs.readFileSync(`/proc/${pid}/task/${pid}/children`, "latin1").trim();
    return children === "" ? own : children.split(" ").reduce((sum, child) => sum + tree(child), own);
  } catch {
    // Gone, or no Linux.
    return 0;
  }
}
