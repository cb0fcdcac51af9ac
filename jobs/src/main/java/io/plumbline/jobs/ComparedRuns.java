package io.plumbline.jobs;

import java.util.List;
import picocli.CommandLine.Option;

/** The options that name a run taken as the truth and those held against it. */
final class ComparedRuns {
  @Option(
      names = "--reference",
      required = true,
      paramLabel = "RUN",
      description = "The run taken as the truth, usually a measured one.")
  private String reference;

  @Option(
      names = "--simulated",
      required = true,
      split = ",",
      paramLabel = "RUN",
      description = "The runs to judge.")
  private List<String> simulated;

  /** Run id, label, or first letters of an id. */
  String reference() {
    return reference;
  }

  /** One or more of the same kind. */
  List<String> simulated() {
    return simulated;
  }
}
