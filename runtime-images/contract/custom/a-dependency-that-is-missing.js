require("not-there");
module.exports = () => 1;
