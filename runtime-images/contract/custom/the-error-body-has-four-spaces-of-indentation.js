module.exports = () => {
  throw Object.assign(new Error("x"), { name: "Odd" });
};
