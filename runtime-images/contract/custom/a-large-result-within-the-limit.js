module.exports = (event) => "é".repeat(event);
