"use strict";
// Entry of an instance of a custom runtime: starts the function's own program and serves it the Runtime API (guide 3.1.2.5).
const instance = require("./instance");
const runtimeApi = require("./runtime-api");

runtimeApi.listen(function (address) {
  instance.serve({
    name: "custom",
    lenient: false,
    before: () => Promise.resolve(),
    environment: () => ({ RUNTIME_API_ADDR: address }),
    ready: () => runtimeApi.asked,
    diagnose: () =>
      "the program bootstrap runs, but it asked for no request. Let it loop: GET http://$RUNTIME_API_ADDR/v1/runtime/invocation/request, then POST the result to /v1/runtime/invocation/response/<request id>.",
    invoke: runtimeApi.invoke,
    warm: () => undefined,
    finish: runtimeApi.close,
  });
});
