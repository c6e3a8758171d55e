module.exports = (event) => {
  if (event.bad) throw new Error("bad");
  return "good";
};
