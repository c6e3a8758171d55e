/** The thing to change does not exist. */
export class MissingError extends Error {
  override readonly name = "MissingError";
}

/** The disk is full: nothing of this change was written. */
export class StoreFullError extends Error {
  override readonly name = "StoreFullError";
}

/** Nothing can be changed here at the moment; of what was under way it is not known whether it happened. */
export class StoreUnavailableError extends Error {
  override readonly name: string = "StoreUnavailableError";
}

/** The data folder cannot be made, read or written. */
export class DataFolderError extends Error {
  override readonly name = "DataFolderError";
}

/** Another platform works on this data folder. */
export class DataFolderInUseError extends Error {
  override readonly name = "DataFolderInUseError";
}

/** The thing exists already. */
export class ConflictError extends Error {
  override readonly name = "ConflictError";
}

/** The record changed since it was read. */
export class StaleError extends Error {
  override readonly name = "StaleError";
}
