module.exports = () => {
  throw new TypeError("boom");
};
