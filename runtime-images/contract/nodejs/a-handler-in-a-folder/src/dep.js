module.exports = () => 'dep';
