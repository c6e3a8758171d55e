"use strict";

exports.handler = async (event, context) => {
  context.getLogger().error(`not taken: ${JSON.stringify(event)}`);
  return "told";
};
