module.exports = () => {
  throw new Error("x".repeat(8 << 20));
};
