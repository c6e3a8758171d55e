import { get } from "node:http";

/** Milliseconds from a request over a new connection to the first byte of its reply. Rejects when that is not status 200. */
export function firstByte(url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    get(url, (response) => {
      const took = performance.now() - began;
      response.resume();
      response.on("end", () => {
        if (response.statusCode === 200) resolve(took);
        else reject(new Error(`${url} answered ${response.statusCode}`));
      });
    }).on("error", reject);
  });
}
