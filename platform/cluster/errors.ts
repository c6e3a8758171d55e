import { StoreUnavailableError } from "../store/errors.ts";

/** PostgreSQL cannot be reached, or went away in the middle: what was asked of it may or may not have happened. */
export class DatabaseDownError extends StoreUnavailableError {
  override readonly name = "DatabaseDownError";
}

/** The database cannot serve this platform: a newer one uses it, or it lacks something. */
export class DatabaseUnfitError extends Error {
  override readonly name = "DatabaseUnfitError";
}
