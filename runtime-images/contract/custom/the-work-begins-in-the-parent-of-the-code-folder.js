module.exports = () => require("path").relative(process.cwd(), __dirname);
