module.exports = () => {
  require("child_process").execFileSync("echo", ["from the child"], { stdio: "inherit" });
  return "parent";
};
