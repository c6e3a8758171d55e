const fs = require("fs");

if (process.env.FAIL === "init") throw new Error("no init");

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
};

module.exports = (event) => ways[event]();
