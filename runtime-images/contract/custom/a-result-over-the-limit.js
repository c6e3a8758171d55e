module.exports = (event) => "x".repeat(event);
