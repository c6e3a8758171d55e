// Sends jobs: queue-load.mjs QUEUE URL SECONDS AT_ONCE PAYLOAD. Prints what was accepted as JSON.
const [name, url, seconds, atOnce, payload] = process.argv.slice(2);
const { open } = await import(`./queue-${name}.mjs`);
const queue = await open(url);
const job = JSON.parse(payload);
const times = [];
const beganAt = Date.now();
const began = performance.now();
const until = began + Number(seconds) * 1000;
await Promise.all(
  Array.from({ length: Number(atOnce) }, async () => {
    for (let sentAt = performance.now(); sentAt < until; sentAt = performance.now()) {
      await queue.add(job);
      times.push(performance.now() - sentAt);
    }
  }),
);
const took = (performance.now() - began) / 1000;
times.sort((one, other) => one - other);
const result = {
  beganAt,
  accepted: times.length,
  perSecond: times.length / took,
  p50Micros: (times[times.length >> 1] ?? 0) * 1000,
};
process.stdout.write(JSON.stringify(result), () => process.exit(0));
