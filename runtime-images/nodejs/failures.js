"use strict";
// Error bodies: JSON with four spaces, the code folder written as `.`.

const STAGES = {
  load: { code: 4001, prefix: "function entry exception, error: " },
  invoke: { code: 4002, prefix: "function invocation exception, error: " },
  result: { code: 4007, prefix: "function result is invalid, error: " },
  init: { code: 4009, prefix: "function initialization exception, error: " },
};

/** Inner code of whatever was thrown because /tmp is full. */
const DISK_FULL = 4207;
/** Errors are read by people, and must fit into a frame: characters of one text, and lines of a stack. */
const MOST_CHARACTERS = 64 * 1024;
const MOST_LINE = 4 * 1024;
const MOST_LINES = 100;

let codeRoot = "";

exports.setCodeRoot = function (path) {
  codeRoot = path;
};

/** A fault of the function's configuration or files, without a stack worth showing. */
function FunctionFault(name, message) {
  this.name = name;
  this.message = message;
}

function hideFolder(text) {
  return codeRoot === "" ? text : text.split(codeRoot).join(".");
}

/** The user's part of a stack: from the first call to the last one inside the code folder. */
function userStack(error) {
  if (typeof error.stack !== "string") return [];
  const lines = error.stack.split("\n").map(function (line) {
    return line.trim();
  });
  const first = lines.findIndex(function (line) {
    return line.indexOf("at ") === 0;
  });
  let last = lines.length - 1;
  while (last >= 0 && lines[last].indexOf(codeRoot) < 0) last--;
  return first >= 0 && last >= first ? cutLines(lines.slice(first, last + 1)).map(hideFolder) : [];
}

function cut(text, most) {
  return text.length > most ? text.slice(0, most) + "…" : text;
}

/** Endless recursion, or a stack that the code wrote itself, would fill the log. */
function cutLines(lines) {
  const more = lines.length - MOST_LINES;
  const half = MOST_LINES / 2;
  const kept = more > 0 ? lines.slice(0, half).concat("… " + more + " more", lines.slice(-half)) : lines;
  return kept.map(function (line) {
    return cut(line, MOST_LINE);
  });
}

function textOf(value) {
  if (typeof value !== "object" || value === null) return String(value);
  try {
    return JSON.stringify(value);
  } catch (_) {
    return String(value);
  }
}

/** Works on whatever was thrown, also objects whose properties throw. */
function describe(value, fallbackType) {
  try {
    if (value instanceof FunctionFault) return { message: value.message, type: value.name, stack: [] };
    if (
      value instanceof Error ||
      (value && typeof value.stack === "string" && typeof value.message === "string")
    ) {
      const type = String(value.name || fallbackType);
      let message = String(value.message);
      if (type === "SyntaxError") message += " (" + value.stack.split("\n")[0] + ")";
      return { message: message, type: type, stack: userStack(value) };
    }
    return { message: textOf(value), type: fallbackType, stack: [] };
  } catch (_) {
    return { message: "the thrown value cannot be shown", type: fallbackType, stack: [] };
  }
}

function isDiskFull(value) {
  try {
    return value.code === "ENOSPC";
  } catch (_) {
    return false;
  }
}

/** `{code, body, log}` of a failure in a stage; `log` is the line for the function's log. */
exports.failure = function (stage, value) {
  const row = STAGES[stage];
  const about = describe(value, stage === "load" ? "FunctionLoadError" : "UserFunctionError");
  const text = hideFolder(cut(about.message, MOST_CHARACTERS));
  const body = {
    errorMessage: row.prefix + text,
    errorType: cut(about.type, MOST_LINE),
    stackTrace: about.stack,
  };
  return {
    code: isDiskFull(value) ? DISK_FULL : row.code,
    body: JSON.stringify(body, null, 4),
    log: [text].concat(about.stack).join("\n    "),
  };
};

/** The result has more bytes than it may. */
exports.tooLarge = function (bytes, limit) {
  const message = "response body size " + bytes + " exceeds the limit of " + limit;
  const body = {
    errorMessage: STAGES.result.prefix + message,
    errorType: "ResultTooLargeError",
    stackTrace: [],
  };
  return { code: 4004, body: JSON.stringify(body, null, 4), log: message };
};

exports.FunctionFault = FunctionFault;
