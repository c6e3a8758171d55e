module.exports = () => {
  console.log("before the loop");
  for (;;);
};
