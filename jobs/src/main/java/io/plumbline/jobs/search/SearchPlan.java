package io.plumbline.jobs.search;

import io.plumbline.jobs.sweep.Configurations;
import io.plumbline.jobs.sweep.Configurations.Configuration;
import java.util.List;

/**
 * A search that is valid as a whole.
 *
 * @param cases what to search: each configuration with each objective
 */
public record SearchPlan(
    SearchSpec spec, Configurations configurations, List<SloFile.Named> slos, List<Case> cases) {

  /**
   * One capacity to find.
   *
   * @param capacityId content hash of what determines it
   * @param position in the table {@code pareto}
   */
  public record Case(
      String capacityId, int position, Configuration configuration, SloFile.Named slo) {}

  public String name() {
    return configurations.name();
  }

  /** Of the capacity, for runs that are to be stable. */
  public double operatingPointPercent() {
    return spec.operatingPointPercent();
  }
}
