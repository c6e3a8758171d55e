exports.handler = async (event, context) => {
  setTimeout(() => console.log('late'), 30);
  return 1;
};
