package io.plumbline.jobs.sweep;

import java.io.Serializable;
import java.util.Locale;

/**
 * Where the time of tasks went.
 *
 * @param runs that they made
 * @param simulatingSeconds CPU time in the simulator
 * @param cpuSeconds CPU time in all, rows and files included
 * @param busySeconds by the clock, from the start of each task to its end
 */
record TaskTimes(int runs, double simulatingSeconds, double cpuSeconds, double busySeconds)
    implements Serializable {
  static final TaskTimes NONE = new TaskTimes(0, 0, 0, 0);

  TaskTimes plus(TaskTimes other) {
    return new TaskTimes(
        runs + other.runs,
        simulatingSeconds + other.simulatingSeconds,
        cpuSeconds + other.cpuSeconds,
        busySeconds + other.busySeconds);
  }

  /**
   * One line for people.
   *
   * @param jobSeconds by the clock, while there were tasks
   */
  String text(double jobSeconds, int cores) {
    return String.format(
        Locale.ROOT,
        "%d runs in %.1f s on %d cores, which were busy for %.1f %% of it: %.1f s of CPU in tasks,"
            + " %.1f s of it in the simulator, and %.3f ms a run for rows and files.",
        runs,
        jobSeconds,
        cores,
        100 * busySeconds / (jobSeconds * cores),
        cpuSeconds,
        simulatingSeconds,
        1000 * (cpuSeconds - simulatingSeconds) / Math.max(1, runs));
  }
}
