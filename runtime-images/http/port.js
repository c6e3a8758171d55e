"use strict";
// The port of the function's server: waiting for it, and saying what is wrong when it does not come.
const fs = require("node:fs");
const net = require("node:net");
const { ProgramFault } = require("../custom/program");

const HOST = "127.0.0.1";
const PORT = 8000;
/** Asked often while a caller's first request is likely to wait, seldom later. */
const POLL_MS = { often: 4, seldom: 50, oftenFor: 2_000 };
/** State "listening" in /proc/net/tcp. */
const LISTENING = "0A";

exports.HOST = HOST;
exports.PORT = PORT;

/** Rejects when another program has the port, which is possible without a sandbox: requests must not go to that one. */
exports.mustBeFree = async function () {
  if (await tryOnce())
    throw new ProgramFault(
      `another program on this machine listens on ${HOST}:${PORT}. End it, or start the platform where it can give each instance a network of its own.`,
    );
};

/** Resolves when a connection to the port is accepted. */
exports.accepts = async function (child) {
  const seldomFrom = performance.now() + POLL_MS.oftenFor;
  while (child.exitCode === null && child.signalCode === null) {
    if (await tryOnce()) return;
    const pause = performance.now() < seldomFrom ? POLL_MS.often : POLL_MS.seldom;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  // The end of the program is told by whoever watches it.
  await new Promise(() => undefined);
};

function tryOnce() {
  return new Promise(function (resolve) {
    const socket = net.connect({ host: HOST, port: PORT });
    socket.once("connect", function () {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

/** Why the port does not answer, and what to change. */
exports.diagnose = function () {
  const heard = [...listening("/proc/net/tcp"), ...listening("/proc/net/tcp6")];
  const wrong = heard.filter((one) => one.port !== PORT);
  const here = heard.find((one) => one.port === PORT);
  if (here !== undefined)
    return `the server listens on ${here.text}, but not on ${HOST}:${PORT}. Bind it to ${HOST}, or to all addresses.`;
  if (wrong.length > 0)
    return `the server listens on ${wrong.map(({ text }) => text).join(", ")}, but not on ${HOST}:${PORT}. Let it listen on port ${PORT}.`;
  return `nothing listens on ${HOST}:${PORT}. Let bootstrap start a web server there, in the foreground, and let it listen before anything slow.`;
};

/** What processes of this instance listen on. */
function listening(file) {
  const own = ownSockets();
  return read(file)
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === LISTENING && own.has(fields[9]))
    .map(([, local]) => address(local));
}

function read(file) {
  try {
    return fs.readFileSync(file, "latin1");
  } catch {
    // No Linux.
    return "";
  }
}

/** `0100007F:1F40`: bytes of an address in groups of four, each backwards. */
function address(local) {
  const [hex, port] = local.split(":");
  const bytes = hex.match(/.{8}/g).flatMap((group) => group.match(/../g).reverse());
  const numbers = bytes.map((byte) => Number.parseInt(byte, 16));
  const text = numbers.length === 4 ? numbers.join(".") : `[${ipv6(bytes)}]`;
  const number = Number.parseInt(port, 16);
  return { port: number, text: `${text}:${number}` };
}

function ipv6(bytes) {
  const groups = [];
  for (let at = 0; at < bytes.length; at += 2) groups.push(bytes[at] + bytes[at + 1]);
  return new URL(`http://[${groups.join(":")}]`).hostname.slice(1, -1);
}

/** Inode numbers of the sockets of this process group: without a sandbox the tables show the whole machine. */
function ownSockets() {
  const sockets = new Set();
  const group = processGroup("self");
  for (const pid of processes()) {
    if (processGroup(pid) !== group || pid === String(process.pid)) continue;
    for (const link of descriptors(pid)) {
      const inode = /^socket:\[(\d+)\]$/.exec(link);
      if (inode !== null) sockets.add(inode[1]);
    }
  }
  return sockets;
}

function processes() {
  return fs.existsSync("/proc") ? fs.readdirSync("/proc").filter((name) => /^\d+$/.test(name)) : [];
}

function processGroup(pid) {
  const stat = read(`/proc/${pid}/stat`);
  // The name in brackets may hold anything; state, parent and group follow it.
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[2];
}

function descriptors(pid) {
  try {
    const folder = `/proc/${pid}/fd`;
    return fs.readdirSync(folder).map((fd) => fs.readlinkSync(`${folder}/${fd}`));
  } catch {
    // Gone, or of another user.
    return [];
  }
}
