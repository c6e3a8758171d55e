"use strict";
// Which request the running code belongs to, by the best means that this version of Node.js has.
const VERSION = process.versions.node.split(".").map(Number);

/** `run(store, work, argument)` runs work so that all it starts belongs to the store; `getStore()` tells whose code runs. */
module.exports = create();

function create() {
  // A request may be told from others since there are hooks.
  if (VERSION[0] < 8) return byTurn();
  const hooks = require("async_hooks");
  return hooks.AsyncLocalStorage === undefined ? byHooks(hooks) : new hooks.AsyncLocalStorage();
}

/** Node.js 8 to 12.16: each asynchronous resource belongs to the request whose code made it. */
function byHooks(hooks) {
  const stores = new Map();
  const current = hooks.executionAsyncId;
  hooks
    .createHook({
      init: function (id) {
        const store = stores.get(current());
        if (store !== undefined) stores.set(id, store);
      },
      destroy: function (id) {
        stores.delete(id);
      },
    })
    .enable();
  return {
    run: function (store, work, argument) {
      const id = current();
      const before = stores.get(id);
      stores.set(id, store);
      try {
        return work(argument);
      } finally {
        if (before === undefined) stores.delete(id);
        else stores.set(id, before);
      }
    },
    getStore: function () {
      return stores.get(current());
    },
  };
}

/** Node.js 6: the request whose synchronous part runs, or the only one that has not ended. */
function byTurn() {
  let running;
  let open = [];
  function isOpen(store) {
    return !store.finished;
  }
  return {
    run: function (store, work, argument) {
      const before = running;
      open = open.filter(isOpen);
      open.push(store);
      running = store;
      try {
        return work(argument);
      } finally {
        running = before;
      }
    },
    getStore: function () {
      if (running !== undefined) return running;
      open = open.filter(isOpen);
      return open.length === 1 ? open[0] : undefined;
    },
  };
}
