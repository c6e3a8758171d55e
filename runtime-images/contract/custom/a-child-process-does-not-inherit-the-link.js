const { execFileSync } = require("child_process");
module.exports = (event) =>
  execFileSync("sh", ["-c", event], { stdio: ["ignore", "pipe", "ignore"] }).toString();
