const fs = require("fs");

if (process.env.FAIL === "load") throw new Error("no load");

exports.init = (context, callback) => callback(process.env.FAIL === "init" ? new Error("no init") : null);

// Fails as the event says.
const ways = {
  fine: () => "fine",
  code: () => {
    throw new Error("no code");
  },
  hang: () => {
    for (;;);
  },
  memory: () => {
    const kept = [];
    for (;;) kept.push(Buffer.alloc(1 << 20, 1));
  },
  disk: () => {
    const file = fs.openSync("/tmp/full", "w");
    for (;;) fs.writeSync(file, Buffer.alloc(1 << 20));
  },
  exit: () => process.exit(3),
  signal: () => process.kill(process.pid, "SIGKILL"),
  large: () => "x".repeat(6291457),
  unserialisable: () => BigInt(1),
};

exports.handler = async (event, context) => ways[event]();
