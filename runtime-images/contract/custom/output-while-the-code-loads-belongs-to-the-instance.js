console.log("loading");
module.exports = () => 1;
