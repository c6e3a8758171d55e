module.exports = (event) => event.length;
