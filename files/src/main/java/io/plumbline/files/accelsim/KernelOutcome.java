package io.plumbline.files.accelsim;

import java.util.Locale;

/**
 * What became of a kernel in a run of Accel-Sim, by its log; an exit status of 0 proves nothing.
 */
public enum KernelOutcome {
  /** Its block of results is whole. */
  COMPLETED,
  /** The log ends within its block of results. */
  TORN,
  /** The log ends while it was simulated, or before the next kernel was begun. */
  TRUNCATED,
  /** The simulator refused a file or an option, which can end with status 0. */
  REFUSED,
  /** The simulator found itself in a deadlock. */
  DEADLOCKED,
  /** It was stopped at a limit of the configuration: cycles, instructions or blocks. */
  STOPPED,
  /** The process broke: an assertion or a signal. */
  CRASHED,
  /** The process was killed at a limit of the one who ran it. */
  KILLED;

  /** As tables have it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
