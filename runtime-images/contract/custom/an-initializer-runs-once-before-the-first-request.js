let count = 0;
count++;
console.log("initializing");
module.exports = () => count;
