package io.plumbline.jobs.report;

import io.plumbline.jobs.card.WrongJob;

/** Half of a forbidden cycle. */
public final class WrongReport {
  WrongJob job;

  private WrongReport() {}
}
