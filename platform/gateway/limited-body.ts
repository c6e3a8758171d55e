import { Transform, type Readable, type TransformCallback } from "node:stream";

/** Passes a body on, up to a limit; beyond it, it breaks and tells. Its own end leaves the caller's connection alone. */
export class LimitedBody extends Transform {
  readonly #limit: number;
  readonly #tooLarge: () => void;
  #size = 0;

  /** @param limit bytes. @param tooLarge called once when more come */
  constructor(source: Readable, limit: number, tooLarge: () => void) {
    super();
    this.#limit = limit;
    this.#tooLarge = tooLarge;
    // Whoever reads this is told by the break of the connection as well.
    this.on("error", () => undefined);
    source.on("error", (error) => this.destroy(error));
    source.pipe(this);
  }

  override _transform(chunk: Buffer, _encoding: string, done: TransformCallback): void {
    this.#size += chunk.length;
    if (this.#size <= this.#limit) return done(null, chunk);
    this.#tooLarge();
    return done(new Error(`the body has more than ${this.#limit} bytes`));
  }
}
