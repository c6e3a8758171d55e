exports.handler = async (event, context) => '{"not": "encoded again"}';
