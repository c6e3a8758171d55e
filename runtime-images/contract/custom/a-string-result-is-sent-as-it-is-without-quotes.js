module.exports = () => '{"not": "encoded again"}';
