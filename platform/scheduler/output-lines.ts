import { StringDecoder } from "node:string_decoder";
import { LIMITS } from "../../model/limits.ts";

/** Time in which an instance may write `LIMITS.logBytesPerInvocation` to its standard output and error. */
const WINDOW_MS = 10_000;

/** Cuts the standard output or error of an instance into lines; what floods is counted instead of kept. */
export class OutputLines {
  readonly #emit: (text: string) => void;
  readonly #decoder = new StringDecoder("utf8");
  #rest = "";
  #windowEnd = 0;
  #written = 0;
  #dropped = 0;

  constructor(emit: (text: string) => void) {
    this.#emit = emit;
  }

  push(chunk: Buffer): void {
    const now = Date.now();
    if (now > this.#windowEnd) this.#renew(now);
    this.#written += chunk.length;
    if (this.#written > LIMITS.logBytesPerInvocation) {
      this.#dropped += chunk.length;
      return;
    }
    const lines = (this.#rest + this.#decoder.write(chunk)).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#pieces(line);
    if (this.#rest.length >= LIMITS.logLineBytes) this.#flush();
  }

  /** Emits what has no final newline; the instance ended. */
  end(): void {
    this.#flush();
    this.#renew(0);
  }

  #flush(): void {
    if (this.#rest !== "") this.#pieces(this.#rest);
    this.#rest = "";
  }

  #pieces(line: string): void {
    for (let at = 0; at === 0 || at < line.length; at += LIMITS.logLineBytes)
      this.#emit(line.slice(at, at + LIMITS.logLineBytes));
  }

  #renew(now: number): void {
    if (this.#dropped > 0) this.#emit(`... ${this.#dropped} bytes of output were dropped: too much at once`);
    this.#windowEnd = now + WINDOW_MS;
    this.#written = 0;
    this.#dropped = 0;
  }
}
