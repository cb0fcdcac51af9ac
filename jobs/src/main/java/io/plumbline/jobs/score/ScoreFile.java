package io.plumbline.jobs.score;

import io.plumbline.files.conf.ConfNode;
import java.util.List;

/**
 * A file of measured runs and of what should predict them.
 *
 * @param name of the whole
 * @param runs in the order in which they are shown
 */
record ScoreFile(String name, List<Entry> runs) {

  /**
   * One measured run.
   *
   * @param name how it is called in tables and cards
   * @param simulate the point of a sweep that predicts it; its workload is of kind {@code
   *     vllm_requests}
   */
  record Entry(String name, ConfNode simulate) {}
}
