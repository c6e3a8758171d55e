"use strict";
const http = require("node:http");

const MOST_NOTES = 100;
const MOST_CHARACTERS = 500;

const notes = [];
const listeners = new Set();

http
  .createServer((request, response) => {
    const path = request.url.split("?", 1)[0].replace(/\/$/, "");
    if (request.method === "GET" && path === "/board") return page(response);
    if (request.method === "GET" && path === "/board/notes") return json(response, 200, notes);
    if (request.method === "GET" && path === "/board/live") return live(response);
    if (request.method === "POST" && path === "/board/notes") return take(request, response);
    return json(response, 404, { error: `there is nothing at ${path}; the board is at /board` });
  })
  .listen(8000, "127.0.0.1", () => console.log("the board hangs"));

function take(request, response) {
  let text = "";
  request.setEncoding("utf8");
  request.on("data", (chunk) => {
    text = (text + chunk).slice(0, MOST_CHARACTERS);
  });
  request.on("end", () => {
    if (text.trim() === "") return json(response, 400, { error: "a note has some text" });
    const note = { number: (notes.at(-1)?.number ?? 0) + 1, text: text.trim() };
    notes.push(note);
    if (notes.length > MOST_NOTES) notes.shift();
    for (const listener of listeners) listener.write(`data: ${JSON.stringify(note)}\n\n`);
    return json(response, 201, note);
  });
}

/** Server-sent events: the response stays open, and grows with every note. */
function live(response) {
  response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
  response.write(": from now on\n\n");
  listeners.add(response);
  response.on("close", () => listeners.delete(response));
}

function page(response) {
  const list = notes.map(({ text }) => `<li>${escape(text)}</li>`).join("\n");
  const script = `new EventSource("/board/live").onmessage = ({ data }) => {
  document.querySelector("ul").append(Object.assign(document.createElement("li"), { textContent: JSON.parse(data).text }));
};`;
  response.writeHead(200, { "Content-Type": "text/html; charset=utf-8" });
  response.end(`<!doctype html>
<title>Notice board</title>
<h1>Notice board</h1>
<ul>
${list}
</ul>
<form onsubmit="fetch('/board/notes', { method: 'POST', body: note.value }); note.value = ''; return false">
  <input name="note" maxlength="${MOST_CHARACTERS}" autofocus> <button>Pin</button>
</form>
<script>${script}</script>
`);
}

function json(response, status, value) {
  response.writeHead(status, { "Content-Type": "application/json" });
  response.end(JSON.stringify(value));
}

function escape(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
