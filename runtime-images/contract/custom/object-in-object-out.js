module.exports = (event) => ({ got: event });
