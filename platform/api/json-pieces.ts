/** A long reply in pieces, which may be those of other replies too, or be made as they leave. */
export class JsonPieces {
  /** Strings have one byte a character. */
  readonly pieces: Iterable<Buffer | string>;
  /** Of all pieces. */
  readonly bytes: number;

  constructor(pieces: Iterable<Buffer | string>, bytes: number) {
    this.pieces = pieces;
    this.bytes = bytes;
  }

  /** Pieces that are there already. */
  static of(pieces: readonly Buffer[]): JsonPieces {
    return new JsonPieces(
      pieces,
      pieces.reduce((sum, piece) => sum + piece.length, 0),
    );
  }
}
