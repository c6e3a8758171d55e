/**
 * Runs of one request that may be cut off by the end of their process, before the request itself is held to be what ends it.
 *
 * What ran beside such a request is cut as often as it is, as long as all begin at once. So whatever was cut a second time waits a random
 * time, within `SPREAD_MS`, and twice that after each further cut: then the others are mostly through when it strikes again.
 */
export const CUT_RUNS = 10;

/** See `CUT_RUNS`; the longest wait, after the ninth cut, is 128 times as long. */
export const SPREAD_MS = 2000;
