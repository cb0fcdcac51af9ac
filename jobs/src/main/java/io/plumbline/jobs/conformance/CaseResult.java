package io.plumbline.jobs.conformance;

import java.util.List;

/**
 * The outcome of one case.
 *
 * @param counts what was compared, in words: "200 requests, 18811 batch stages"
 * @param deviations every quantity that was compared
 * @param why the first difference of a case that failed, or why it could not be run; else null
 * @param notes what a reader should know besides
 */
record CaseResult(
    String name,
    Verdict verdict,
    String counts,
    List<Deviation> deviations,
    String why,
    List<String> notes) {

  static CaseResult skipped(String name, String why) {
    return new CaseResult(name, Verdict.SKIPPED, "", List.of(), why, List.of());
  }

  /** Passes if nothing differs by more than its tolerance. */
  static CaseResult judged(
      String name, String counts, List<Deviation> deviations, List<String> notes) {
    String first =
        deviations.stream()
            .filter(deviation -> deviation.first() != null)
            .map(Deviation::first)
            .findFirst()
            .orElse(null);
    return new CaseResult(
        name, first == null ? Verdict.PASS : Verdict.FAIL, counts, deviations, first, notes);
  }
}
