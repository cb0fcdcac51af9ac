package io.plumbline.jobs.search;

import io.plumbline.files.conf.ConfNode;
import io.plumbline.jobs.search.SearchPlan.Case;
import io.plumbline.jobs.table.ParetoRow;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A sweep file with every configuration at its operating point, best first, so that what a search
 * says can be run in full, and measured.
 */
final class OperatingPoints {
  private final SearchPlan plan;

  OperatingPoints(SearchPlan plan) {
    this.plan = plan;
  }

  /** The name of the sweep. */
  String sweep() {
    return "%s-at-%.0f-percent".formatted(plan.name(), plan.spec().operatingPointPercent());
  }

  /** The file as text; null if nothing was found. */
  String yaml(List<ParetoRow> rows) {
    Map<Integer, Case> cases = new LinkedHashMap<>();
    plan.cases().forEach(one -> cases.put(one.position(), one));
    StringBuilder yaml = new StringBuilder();
    rows.stream()
        .filter(row -> row.operatingRequestsPerSecond() != null)
        .sorted(
            Comparator.comparing(
                    (ParetoRow row) -> row.rank() == null ? Integer.MAX_VALUE : row.rank())
                .thenComparing(ParetoRow::position))
        .forEach(
            row ->
                yaml.append("  - ")
                    .append(
                        point(
                            cases.get(row.position()).configuration().tree(),
                            row.operatingRequestsPerSecond()))
                    .append('\n'));
    return yaml.isEmpty()
        ? null
        : """
            # Made by search %s: each configuration at %s %% of its capacity, the best first.
            # The rate is that of the first seed's requests, by the mean over all seeds.
            name: %s
            simulate:
            """
                .formatted(plan.name(), plan.spec().operatingPointPercent(), sweep())
            + yaml;
  }

  private static String point(ConfNode tree, double requestsPerSecond) {
    ConfNode workload = tree.get("workload");
    return tree.with(
            "workload",
            ConfNode.parse(workload.file(), "{kind: paced}")
                .withScalar(
                    "requests_per_second", String.format(Locale.ROOT, "%.6g", requestsPerSecond))
                .with("of", workload))
        .toJson();
  }
}
