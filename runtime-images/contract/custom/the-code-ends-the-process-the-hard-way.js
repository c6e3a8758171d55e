module.exports = () => {
  console.log("last words");
  process.kill(process.pid, "SIGKILL");
};
