module.exports = (event) => `${event}–木😀`;
