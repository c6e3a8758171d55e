import { StringDecoder } from "node:string_decoder";
import { LIMITS } from "../../model/limits.ts";

/** Cuts the standard output or error of an instance into lines, none longer than a log line may be. */
export class OutputLines {
  readonly #emit: (text: string) => void;
  readonly #decoder = new StringDecoder("utf8");
  #rest = "";

  constructor(emit: (text: string) => void) {
    this.#emit = emit;
  }

  push(chunk: Buffer): void {
    const lines = (this.#rest + this.#decoder.write(chunk)).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#pieces(line);
    if (this.#rest.length >= LIMITS.logLineBytes) this.end();
  }

  /** Emits what has no final newline. */
  end(): void {
    if (this.#rest !== "") this.#pieces(this.#rest);
    this.#rest = "";
  }

  #pieces(line: string): void {
    for (let at = 0; at === 0 || at < line.length; at += LIMITS.logLineBytes)
      this.#emit(line.slice(at, at + LIMITS.logLineBytes));
  }
}
