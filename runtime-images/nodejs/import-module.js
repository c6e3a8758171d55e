"use strict";
// Alone in its file: Node versions without import() must not parse it.
module.exports = function (url) {
  return import(url);
};
