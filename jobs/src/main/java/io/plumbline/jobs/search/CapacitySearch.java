package io.plumbline.jobs.search;

import io.plumbline.jobs.table.CapacityProbeRow;
import io.plumbline.simulator.capacity.RateSearch;
import io.plumbline.simulator.capacity.RateSearch.Bracket;
import io.plumbline.simulator.capacity.SloWatch;
import java.util.ArrayList;
import java.util.List;

/**
 * The search for one capacity: one draw of the requests after the other, each after the first
 * beginning where those before it ended.
 */
final class CapacitySearch {
  private final String capacityId;
  private final SloFile.Named slo;
  private final RateSearch search;
  private final double startRequestsPerSecond;
  private final List<CapacityProbeRow> probes = new ArrayList<>();
  private final List<Bracket> brackets = new ArrayList<>();

  CapacitySearch(
      String capacityId, SloFile.Named slo, RateSearch search, double startRequestsPerSecond) {
    this.capacityId = capacityId;
    this.slo = slo;
    this.search = search;
    this.startRequestsPerSecond = startRequestsPerSecond;
  }

  /**
   * Searches with one more draw.
   *
   * @param seed of the draw; null if it was read
   */
  void add(PacedRuns runs, Long seed) {
    RateSearch.RateTest test = rate -> passes(runs, seed, rate);
    double[] found = passing();
    brackets.add(
        found.length == 0
            ? search.from(startRequestsPerSecond, test)
            : search.near(ConfidenceInterval.of(found).mean(), test));
  }

  private boolean passes(PacedRuns runs, Long seed, double rate) {
    SloWatch watch = runs.watch(slo.slo(), rate);
    boolean meets = watch.isMet();
    probes.add(
        new CapacityProbeRow(
            capacityId,
            probes.size(),
            seed,
            rate,
            meets ? 1 : 0,
            watch.isHopeless() ? 1 : 0,
            watch.nowSeconds()));
    return meets;
  }

  /** The capacities that were found, draw by draw. */
  double[] passing() {
    return brackets.stream().filter(Bracket::isFound).mapToDouble(Bracket::passing).toArray();
  }

  List<CapacityProbeRow> probes() {
    return probes;
  }

  /** As the table has it. */
  String outcome() {
    if (brackets.stream().anyMatch(b -> Double.isNaN(b.passing()))) {
      return "none";
    }
    return brackets.stream().allMatch(Bracket::isFound) ? "found" : "unbounded";
  }
}
