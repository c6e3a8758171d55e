module.exports = (event) => [event, event * 2, event > 1];
