const NAMES = ["x-cff-access-key", "x-cff-secret-key", "x-cff-security-token", "x-cff-auth-token"];
module.exports = (event, headers) => NAMES.map((name) => headers[name]);
