package com.opentelekomcloud.services.runtime;

/** Writes lines to the function's log that carry the id of their request. */
public interface RuntimeLogger {
  /** Writes "time request-id message". */
  void log(String message);

  /** Writes "time request-id DEBUG message". */
  void debug(String message);

  /** Writes "time request-id INFO message". */
  void info(String message);

  /** Writes "time request-id WARN message". */
  void warn(String message);

  /** Writes "time request-id ERROR message". */
  void error(String message);

  /**
   * Leaves out lines below a level.
   *
   * @param level DEBUG, INFO, WARN or ERROR, in any case
   */
  void setLevel(String level);
}
