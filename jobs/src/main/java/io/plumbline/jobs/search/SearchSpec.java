package io.plumbline.jobs.search;

import io.plumbline.files.conf.ConfNode;
import java.util.Map;

/**
 * The part {@code search} of a search file.
 *
 * @param slo conditions, see {@link SloFile}; any value may be a list
 * @param tolerancePercent how far above a capacity a rate that fails lies at most
 * @param seeds draws of the requests; the first has the seed of the file, the next one more
 * @param startRequestsPerSecond the first rate to try; too high costs less than too low, because
 *     hopeless runs end early
 * @param lowestRequestsPerSecond below this nothing is tried
 * @param highestRequestsPerSecond above this nothing is tried
 * @param operatingPointPercent of the capacity, for runs that are to be stable
 * @param rankBy capacity per what
 * @param pricesPerHourDollars of one device, by the name of its card; instead of the card's
 * @param tdpWatts of one device, likewise
 */
record SearchSpec(
    ConfNode slo,
    double tolerancePercent,
    int seeds,
    double startRequestsPerSecond,
    double lowestRequestsPerSecond,
    double highestRequestsPerSecond,
    double operatingPointPercent,
    RankBy rankBy,
    Map<String, Double> pricesPerHourDollars,
    Map<String, Double> tdpWatts) {

  SearchSpec {
    requireIn("tolerancePercent", tolerancePercent, 0.01, 50);
    requireIn("seeds", seeds, 1, 1000);
    requireIn("lowestRequestsPerSecond", lowestRequestsPerSecond, 1e-6, 1e6);
    requireIn(
        "highestRequestsPerSecond", highestRequestsPerSecond, 2 * lowestRequestsPerSecond, 1e7);
    requireIn(
        "startRequestsPerSecond",
        startRequestsPerSecond,
        lowestRequestsPerSecond,
        highestRequestsPerSecond);
    requireIn("operatingPointPercent", operatingPointPercent, 1, 100);
    requirePositive("pricesPerHourDollars", pricesPerHourDollars);
    requirePositive("tdpWatts", tdpWatts);
  }

  private static void requireIn(String what, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new IllegalArgumentException(
          "%s (%s) must be from %s to %s".formatted(what, value, least, most));
    }
  }

  private static void requirePositive(String what, Map<String, Double> values) {
    values.forEach(
        (name, value) -> {
          if (!(value > 0)) {
            throw new IllegalArgumentException(
                "%s (%s: %s) must be positive".formatted(what, name, value));
          }
        });
  }

  /** The default objective to within 2.5 %, as Vidur's search has it; one seed. */
  public static Map<String, Object> defaultValues() {
    return Map.of(
        "slo",
        ConfNode.parse("default", "{}"),
        "tolerancePercent",
        2.5,
        "seeds",
        1,
        "startRequestsPerSecond",
        64.0,
        "lowestRequestsPerSecond",
        0.01,
        "highestRequestsPerSecond",
        100_000.0,
        "operatingPointPercent",
        85.0,
        "rankBy",
        RankBy.DOLLAR,
        "pricesPerHourDollars",
        Map.of(),
        "tdpWatts",
        Map.of());
  }
}
