exports.handler = (event, context, callback) => {
  console.log('before the loop');
  for (;;);
};
