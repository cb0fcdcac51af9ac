package io.plumbline.jobs;

import io.plumbline.jobs.export.ChromeTrace;
import io.plumbline.jobs.export.Exporter;

/** Formats that a run can be exported to, each with its writer. */
enum ExportKind {
  /** Trace events for Perfetto and chrome://tracing. */
  CHROME_TRACE("chrome-trace", "json.gz", ChromeTrace::write);

  private final String word;
  private final String suffix;
  private final Exporter exporter;

  ExportKind(String word, String suffix, Exporter exporter) {
    this.word = word;
    this.suffix = suffix;
    this.exporter = exporter;
  }

  Exporter exporter() {
    return exporter;
  }

  /** Name of the file of a run if nobody gives one. */
  String fileName(String runId) {
    return "%s.%s.%s".formatted(runId, word, suffix);
  }

  /** The word on the command line; picocli lists it as well. */
  @Override
  public String toString() {
    return word;
  }
}
