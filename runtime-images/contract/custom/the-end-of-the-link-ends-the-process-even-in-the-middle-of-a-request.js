module.exports = () => new Promise((resolve) => setTimeout(resolve, 60_000));
