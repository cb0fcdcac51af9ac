package io.plumbline.jobs.conformance;

import io.plumbline.jobs.report.TextTable;
import io.plumbline.jobs.report.TextTable.Align;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Prints cases as they end, and the sum of them. */
final class ConformanceReport {
  private static final int LINE_LENGTH = 100;
  private static final String INDENT = "      ";

  private final PrintWriter out;
  private final List<CaseResult> results = new ArrayList<>();

  ConformanceReport(PrintWriter out) {
    this.out = out;
  }

  void add(CaseResult result) {
    results.add(result);
    out.printf(
        "%-8s %s%s%n",
        result.verdict(), result.name(), result.counts().isEmpty() ? "" : ": " + result.counts());
    Map<Boolean, List<Deviation>> byEquality =
        result.deviations().stream().collect(Collectors.partitioningBy(Deviation::isEqual));
    List<Deviation> equal = byEquality.get(true);
    List<Deviation> apart = byEquality.get(false);
    if (!equal.isEmpty()) {
      wrapped(
          "equal to the last bit (largest differences 0): ",
          equal.stream().map(Deviation::quantity).collect(Collectors.joining(", ")));
    }
    if (!apart.isEmpty()) {
      table(apart).lines().forEach(line -> out.println(INDENT + line));
    }
    result.notes().forEach(note -> wrapped("", note));
    if (result.why() != null) {
      wrapped(result.verdict() == Verdict.FAIL ? "first difference: " : "", result.why());
    }
    out.flush();
  }

  private static String table(List<Deviation> deviations) {
    TextTable table =
        new TextTable(
            List.of(Align.LEFT, Align.RIGHT, Align.RIGHT, Align.RIGHT, Align.RIGHT),
            List.of("quantity", "compared", "different", "largest abs", "largest rel"));
    for (Deviation deviation : deviations) {
      table.add(
          List.of(
              deviation.quantity(),
              String.valueOf(deviation.compared()),
              String.valueOf(deviation.different()),
              String.format(Locale.ROOT, "%.3g", deviation.largestAbsolute()),
              String.format(Locale.ROOT, "%.3g", deviation.largestRelative())));
    }
    return table.text();
  }

  private void wrapped(String label, String text) {
    StringBuilder line = new StringBuilder(INDENT + label);
    for (String word : text.split(" ", -1)) {
      if (line.length() + word.length() > LINE_LENGTH) {
        out.println(line.toString().stripTrailing());
        line.setLength(0);
        line.append(INDENT).append("  ");
      }
      line.append(word).append(' ');
    }
    out.println(line.toString().stripTrailing());
  }

  /** Prints how many cases ended how. */
  void sum() {
    out.printf(
        "%n%d cases: %d passed, %d failed, %d not judged, %d skipped%n",
        results.size(),
        count(Verdict.PASS),
        count(Verdict.FAIL),
        count(Verdict.UNJUDGED),
        count(Verdict.SKIPPED));
  }

  private long count(Verdict verdict) {
    return results.stream().filter(result -> result.verdict() == verdict).count();
  }

  boolean anyFailed() {
    return count(Verdict.FAIL) > 0;
  }
}
