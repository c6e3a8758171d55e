module.exports = (event) => event;
