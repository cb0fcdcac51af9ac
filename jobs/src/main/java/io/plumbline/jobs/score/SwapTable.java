package io.plumbline.jobs.score;

import java.util.List;
import java.util.Locale;

/** Swaps as a table in Markdown, and in a sentence per run what the error goes with. */
public final class SwapTable {
  private static final String HEADER =
      """
      | run | as long as measured | factors | TTFT | TPOT | E2E |
      |---|---|---|---|---|---|
      """;

  /** Share of the error; less may be chance. */
  private static final double WORTH_NAMING = 0.2;

  /** Percentage points that are not worth a name. */
  private static final double FEW_POINTS = 0.1;

  private SwapTable() {}

  /** Errors as in {@link ScoreTable}; factors are those of prefills and decodes. */
  public static String markdown(List<Swaps> runs) {
    StringBuilder text = new StringBuilder(HEADER);
    for (Swaps run : runs) {
      for (Swaps.Swap swap : run.swaps()) {
        text.append(
            String.format(
                Locale.ROOT,
                "| %s | %s | %.3f, %.3f | %s | %s | %s |%n",
                run.run(),
                swap.swapped(),
                swap.prefillFactor(),
                swap.decodeFactor(),
                ScoreTable.text(swap.score().ttft()),
                ScoreTable.text(swap.score().tpot()),
                ScoreTable.text(swap.score().e2e())));
      }
    }
    text.append('\n');
    runs.forEach(run -> text.append(sentence(run)));
    return text.toString();
  }

  private static String sentence(Swaps run) {
    double before = e2e(run.swaps().get(0));
    Swaps.Swap best =
        run.swaps().stream().min((a, b) -> Double.compare(e2e(a), e2e(b))).orElseThrow();
    return before - e2e(best) < Math.max(FEW_POINTS, before * WORTH_NAMING)
        ? String.format(
            Locale.ROOT,
            "%s: %.2f %% of E2E, which no component's median explains.%n",
            run.run(),
            before)
        : String.format(
            Locale.ROOT,
            "%s: %.2f %% of E2E, of which %.2f are left with %s as long as measured.%n",
            run.run(),
            before,
            e2e(best),
            best.swapped());
  }

  private static double e2e(Swaps.Swap swap) {
    return swap.score().e2e().mean();
  }
}
