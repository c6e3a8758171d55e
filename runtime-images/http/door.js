"use strict";
// Joins each connection of the platform to a new one of the function's server (../PROTOCOL.md).
const net = require("node:net");
const { HOST, PORT } = require("./port");

/** @param address `unix:/path` or `tcp:host:port`. @param opened called when it listens */
exports.open = function (address, opened) {
  const server = net.createServer({ noDelay: true }, join);
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
  // The platform never closes one direction alone: its end is the end of the connection, after what it sent before.
  outer.on("end", () => inner.destroySoon());
  outer.on("error", () => inner.destroy());
  outer.on("close", () => inner.destroySoon());
  inner.on("error", () => outer.destroy());
  inner.on("close", () => outer.destroySoon());
}
