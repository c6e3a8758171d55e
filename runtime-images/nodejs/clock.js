"use strict";
// Milliseconds that only grow, and the process's memory.

const SAMPLE_EVERY_MS = 250;

let sampledAt = -Infinity;
let memoryKib = 0;

exports.now =
  typeof performance === "object"
    ? function () {
        return performance.now();
      }
    : function () {
        const time = process.hrtime();
        return time[0] * 1000 + time[1] / 1e6;
      };

/** Resident memory in KiB, read at most every 250 ms. */
exports.residentKib = function (now) {
  if (now - sampledAt >= SAMPLE_EVERY_MS) {
    sampledAt = now;
    const bytes = process.memoryUsage.rss ? process.memoryUsage.rss() : process.memoryUsage().rss;
    memoryKib = Math.round(bytes / 1024);
  }
  return memoryKib;
};
