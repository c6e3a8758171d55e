module.exports = (event) => `hello ${event.name}`;
