"use strict";
const events = require("./events");

/** Express middleware: `request.apiGateway` gets the `event` and the `context` of the function. */
exports.eventContext = function () {
  return function (request, response, next) {
    request.apiGateway = events.get(request.headers[events.HEADER]);
    delete request.headers[events.HEADER];
    next();
  };
};
