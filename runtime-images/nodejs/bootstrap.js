"use strict";
// Entry of a Node.js instance: greets the platform and then does what its frames say (../PROTOCOL.md).
const address = process.env.FUNGRAPH_LINK;
const token = process.env.FUNGRAPH_TOKEN;
delete process.env.FUNGRAPH_LINK;
delete process.env.FUNGRAPH_TOKEN;
if (!address) {
  process.stderr.write(
    "FUNGRAPH_LINK is missing: this program is started by the platform (see PROTOCOL.md)\n"
  );
  process.exit(64);
}

const frames = require("./frames");
const instance = require("./instance");
const link = require("./link");
const output = require("./output");

link.open(address, instance.take);
output.install();
process.on("uncaughtException", instance.unsound);
process.on("unhandledRejection", instance.unsound);
link.send(
  frames.TYPE.HELLO,
  JSON.stringify({
    protocol: 1,
    token: token,
    runtime: "nodejs",
    version: process.versions.node,
    pid: process.pid,
  })
);
