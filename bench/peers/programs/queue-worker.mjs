// Runs jobs: queue-worker.mjs QUEUE URL. Every message from its parent is answered with how many have ended, and when the last did.
const [name, url] = process.argv.slice(2);
const { open } = await import(`./queue-${name}.mjs`);
const queue = await open(url);
let count = 0;
let lastAt = 0;
await queue.work(() => {
  count++;
  lastAt = Date.now();
});
process.on("message", () => process.send({ count, lastAt }));
process.on("disconnect", () => process.exit(0));
process.stdout.write(`${JSON.stringify({ port: 0 })}\n`);
