"use strict";
// Joins each connection of the platform to a new one of the function's server (../PROTOCOL.md).
const net = require("node:net");
const { HOST, PORT } = require("./port");

/** @param address `unix:/path` or `tcp:host:port`. @param opened called when it listens */
exports.open = function (address, opened) {
  const server = net.createServer({ allowHalfOpen: true, noDelay: true }, join);
  server.on("error", function (error) {
    process.stderr.write(`the door ${address} cannot be opened: ${error.message}\n`);
    process.exit(64);
  });
  server.listen(place(address || ""), opened);
};

function place(address) {
  if (address.startsWith("unix:")) return { path: address.slice(5) };
  const colon = address.lastIndexOf(":");
  return { host: address.slice(4, colon), port: Number(address.slice(colon + 1)) };
}

function join(outer) {
  const inner = net.connect({ host: HOST, port: PORT, allowHalfOpen: true, noDelay: true });
  outer.pipe(inner);
  inner.pipe(outer);
  endTogether(outer, inner);
  endTogether(inner, outer);
}

/** The end of one side is passed on by pipe; a break is the end of both. */
function endTogether(one, other) {
  one.on("error", () => other.destroy());
  one.on("close", function () {
    if (!one.readableEnded || one.errored) other.destroy();
  });
}
