package io.plumbline.jobs.search;

import io.plumbline.jobs.sweep.Configurations.Skipped;
import io.plumbline.jobs.sweep.Misfit;
import io.plumbline.jobs.table.ParetoRow;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a search says on the command line. */
public final class SearchText {
  private static final int MOST_QUESTIONS = 24;

  private SearchText() {}

  /** How much there is to do. */
  public static String scope(SearchPlan plan, int todo) {
    return "Search %s: %d configurations (%d excluded, %d skipped) x %d objectives x %d seeds; %d searches, %d done already, %d to run."
        .formatted(
            plan.name(),
            plan.configurations().runnable().size(),
            plan.configurations().excluded(),
            plan.configurations().skipped().size(),
            plan.slos().size(),
            plan.spec().seeds(),
            plan.cases().size(),
            plan.cases().size() - todo,
            todo);
  }

  /** Why configurations are left out, in one line; empty if none is. */
  public static String skipped(SearchPlan plan) {
    Map<Misfit, List<Skipped>> byMisfit = new EnumMap<>(Misfit.class);
    for (Skipped one : plan.configurations().skipped()) {
      byMisfit.computeIfAbsent(one.misfit(), unused -> new ArrayList<>()).add(one);
    }
    List<String> parts = new ArrayList<>();
    byMisfit.forEach(
        (misfit, all) ->
            parts.add(
                "%d %s (the first: %s)"
                    .formatted(
                        all.size(),
                        misfit.verb(),
                        all.get(0).reason().replaceAll("\\s*\\R\\s*", " "))));
    return parts.isEmpty() ? "" : "Skipped: " + String.join("; ", parts) + ".";
  }

  /** The best of all and of each device, for every model, workload and objective. */
  public static String best(SearchResult result) {
    StringBuilder text = new StringBuilder();
    List<ParetoRow> best =
        result.rows().stream()
            .filter(row -> row.rankOnDevice() != null && row.rankOnDevice() == 1)
            .toList();
    for (ParetoRow row : best.subList(0, Math.min(best.size(), MOST_QUESTIONS))) {
      text.append(
          String.format(
              Locale.ROOT,
              "%s on %s, %s: %.3g requests/s with %d devices%s, %s, %s%n",
              row.model(),
              row.device(),
              row.rank() == 1 ? "best of all" : "best of its device",
              row.requestsPerSecond(),
              row.devices(),
              row.requestsPerDollar() == null
                  ? ""
                  : String.format(Locale.ROOT, ", %.4g per dollar", row.requestsPerDollar()),
              row.sloJson(),
              row.axesJson()));
    }
    if (best.size() > MOST_QUESTIONS) {
      text.append("… and %d more in the table pareto.%n".formatted(best.size() - MOST_QUESTIONS));
    }
    long unranked =
        result.rows().stream()
            .filter(row -> row.requestsPerSecond() != null && row.rank() == null)
            .count();
    if (unranked > 0) {
      text.append(
          "%d are not ranked: their cards lack what the search ranks by. Maybe state prices_per_hour_dollars or tdp_watts.%n"
              .formatted(unranked));
    }
    return text.toString();
  }
}
