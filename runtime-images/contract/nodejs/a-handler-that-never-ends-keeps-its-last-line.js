exports.handler = async (event, context) => {
  console.log('before the loop');
  for (;;);
};
