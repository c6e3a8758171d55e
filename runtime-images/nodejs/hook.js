"use strict";
// Initializer and pre-stop: a function of (context) or (context, callback), with or without a promise.

/** Resolves when the hook has ended. `callback(err)` counts when the hook takes it or returns no promise. */
module.exports = function runHook(hook, context) {
  return new Promise(function (resolve, reject) {
    const callback = function (error) {
      if (error) reject(error);
      else resolve();
    };
    const returned = hook(context, callback);
    if (returned && typeof returned.then === "function") returned.then(resolve, reject);
    else if (hook.length < 2) resolve();
  });
};
