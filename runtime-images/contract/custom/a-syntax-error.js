module.exports = (event => {
