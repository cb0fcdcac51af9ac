package io.plumbline.jobs.search;

import io.plumbline.jobs.table.ParetoRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Ranks rows that answer the same question, which is a model, a workload and an objective, and
 * finds those that no other row dominates.
 */
final class Ranking {
  private final RankBy rankBy;

  Ranking(RankBy rankBy) {
    this.rankBy = rankBy;
  }

  /** The same rows in the same order, with their ranks. */
  List<ParetoRow> ranked(List<ParetoRow> rows) {
    Map<List<String>, List<ParetoRow>> questions = new LinkedHashMap<>();
    for (ParetoRow row : rows) {
      if (rankBy.of(row) != null) {
        questions
            .computeIfAbsent(
                List.of(row.model(), row.workloadJson(), row.sloJson()), q -> new ArrayList<>())
            .add(row);
      }
    }
    Map<Integer, ParetoRow> ranked = new HashMap<>();
    questions.values().forEach(question -> rank(question, ranked));
    return rows.stream().map(row -> ranked.getOrDefault(row.position(), row)).toList();
  }

  private void rank(List<ParetoRow> question, Map<Integer, ParetoRow> ranked) {
    List<ParetoRow> bestFirst =
        question.stream()
            .sorted(
                Comparator.comparing((ParetoRow row) -> rankBy.of(row))
                    .reversed()
                    .thenComparing(ParetoRow::position))
            .toList();
    Predicate<ParetoRow> onTtft = front(question, ParetoRow::ttftP90Ns);
    Predicate<ParetoRow> onTbt = front(question, ParetoRow::tbtP99Ns);
    Map<String, Integer> onDevice = new HashMap<>();
    for (int i = 0; i < bestFirst.size(); i++) {
      ParetoRow row = bestFirst.get(i);
      ranked.put(
          row.position(),
          with(
              row,
              row.ttftP90Ns() == null ? null : flag(onTtft.test(row)),
              row.tbtP99Ns() == null ? null : flag(onTbt.test(row)),
              i + 1,
              onDevice.merge(row.device(), 1, Integer::sum)));
    }
  }

  private static Integer flag(boolean value) {
    return value ? 1 : 0;
  }

  /** Those for which no other has as much and as low, and more or lower. */
  Predicate<ParetoRow> front(List<ParetoRow> rows, Function<ParetoRow, Double> latency) {
    return row ->
        rows.stream()
            .filter(other -> Objects.nonNull(latency.apply(other)))
            .noneMatch(other -> dominates(other, row, latency));
  }

  private boolean dominates(ParetoRow a, ParetoRow b, Function<ParetoRow, Double> latency) {
    double moreA = rankBy.of(a);
    double moreB = rankBy.of(b);
    double lowA = latency.apply(a);
    double lowB = latency.apply(b);
    return moreA >= moreB && lowA <= lowB && (moreA > moreB || lowA < lowB);
  }

  private static ParetoRow with(
      ParetoRow r, Integer onTtft, Integer onTbt, Integer rank, Integer rankOnDevice) {
    return new ParetoRow(
        r.search(),
        r.position(),
        r.capacityId(),
        r.axesJson(),
        r.model(),
        r.workloadJson(),
        r.sloJson(),
        r.device(),
        r.scheduler(),
        r.devices(),
        r.outcome(),
        r.reason(),
        r.requestsPerSecond(),
        r.lowerRequestsPerSecond(),
        r.upperRequestsPerSecond(),
        r.operatingRequestsPerSecond(),
        r.devicePerHourDollars(),
        r.deviceTdpWatts(),
        r.requestsPerSecondPerDevice(),
        r.requestsPerDollar(),
        r.requestsPerJoule(),
        r.dollarsPerMillionOutputTokens(),
        r.ttftP90Ns(),
        r.tbtP99Ns(),
        onTtft,
        onTbt,
        rank,
        rankOnDevice,
        r.rankBy(),
        r.priceSource());
  }
}
