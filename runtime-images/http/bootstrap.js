"use strict";
// Entry of an instance of an HTTP function: starts the function's own server and lets the platform's connections in to it.
const instance = require("../custom/instance");
const door = require("./door");
const port = require("./port");

door.open(process.env.FUNGRAPH_DOOR, function () {
  instance.serve({
    name: "http",
    // The guide's own examples of bootstrap are command lines without `#!` (3.2.2.2).
    lenient: true,
    before: port.mustBeFree,
    environment: () => ({}),
    ready: port.accepts,
    diagnose: port.diagnose,
    invoke() {
      throw new Error("requests of an HTTP function come through the door");
    },
    warm: () => undefined,
    finish: () => undefined,
  });
});
