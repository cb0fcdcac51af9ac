package io.plumbline.jobs.process;

/**
 * How a process ended.
 *
 * @param status its exit status; 128 and more for a signal, as shells say it
 * @param killed which limit it was killed at; null if it ended by itself
 * @param wallSeconds how long it ran
 * @param peakMemoryMib the most resident memory that was seen, children included; null if the
 *     system does not tell
 * @param lastError the last line of the standard error that says anything; null for none
 */
public record Ended(
    int status, String killed, double wallSeconds, Long peakMemoryMib, String lastError) {

  /** Whether it ended by itself with 0, which proves nothing about what it did. */
  public boolean clean() {
    return killed == null && status == 0;
  }

  /** In words. */
  public String message() {
    return (killed == null ? "exit status " + status : "killed: " + killed)
        + (lastError == null ? "" : ": " + lastError);
  }
}
