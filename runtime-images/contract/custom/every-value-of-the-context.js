const NAMES = [
  "x-cff-request-id",
  "x-cff-access-key",
  "x-cff-secret-key",
  "x-cff-security-access-key",
  "x-cff-security-secret-key",
  "x-cff-security-token",
  "x-cff-auth-token",
  "x-cff-invoke-type",
];
module.exports = (event, headers) => NAMES.map((name) => headers[name]);
