"use strict";
// Events whose requests are under way; a header of the request carries the key.
exports.HEADER = "x-fgs-express-event";

const kept = new Map();
let last = 0;

exports.put = function (event, context) {
  last++;
  kept.set(String(last), { event: event, context: context });
  return String(last);
};

exports.get = function (key) {
  return kept.get(key);
};

exports.drop = function (key) {
  kept.delete(key);
};
