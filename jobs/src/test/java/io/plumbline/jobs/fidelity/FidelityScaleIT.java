package io.plumbline.jobs.fidelity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.plumbline.files.workload.PathResolver;
import io.plumbline.jobs.Home;
import io.plumbline.jobs.table.FidelityCellRow;
import io.plumbline.jobs.table.SparkSessions;
import java.nio.file.Path;
import java.time.Instant;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * A synthetic measured run against three simulations of it, {@code -Dplumbline.fidelity.requests}
 * of each: runs only where it is stated. Prints how long the matrix takes; docs/fidelity-matrix.md
 * has the command.
 */
@EnabledIfSystemProperty(
    named = "plumbline.fidelity.requests",
    matches = "\\d+",
    disabledReason = "SKIPPED: -Dplumbline.fidelity.requests says how many")
class FidelityScaleIT {
  private static final long REQUESTS = Long.getLong("plumbline.fidelity.requests", 0);
  private static final int RESAMPLES = Integer.getInteger("plumbline.fidelity.resamples", 200);

  @TempDir Path results;

  @Test
  void manyRequestsAreScoredWithTheStatedBound() {
    SparkSession spark = SparkSessions.open("fidelity at scale");
    String dir = results.toString();
    SyntheticRequests.write(spark, dir, "measured", "real", 1, 0, REQUESTS);
    SyntheticRequests.write(spark, dir, "simulated", "near", 1.02, 1, REQUESTS);
    SyntheticRequests.write(spark, dir, "simulated", "slow", 1.2, 2, REQUESTS);
    SyntheticRequests.write(spark, dir, "simulated", "fast", 0.9, 3, REQUESTS);
    Places places =
        new Places(
            dir, dir + "/_trained", Home.models(), new PathResolver(results, null), word -> null);
    long start = System.nanoTime();
    FidelityMatrix.Result made =
        new FidelityMatrix(spark, places, new CodeState("c", false, "v"), Instant.EPOCH)
            .makeOfTables("tables", new ScoringRules(1, RESAMPLES, 95, 5, 9));
    double seconds = (System.nanoTime() - start) / 1e9;
    System.out.printf(
        "fidelity: %d requests x 3 simulators, %d draws: %.1f s%n", REQUESTS, RESAMPLES, seconds);

    // Three simulators, six metrics of requests with five statistics, two throughputs.
    assertThat(made.cells()).hasSize(3 * (6 * 5 + 2));
    for (FidelityCellRow cell : made.cells()) {
      if (cell.basis().equals("request") && !cell.metric().equals("queueing")) {
        double expected =
            switch (cell.simulator()) {
              case "near" -> 2;
              case "slow" -> 20;
              default -> -10;
            };
        // Half a percent for the draw of the times, twice the bound of a percentile.
        assertThat(cell.percentError())
            .as(cell.simulator() + " " + cell.metric() + " " + cell.statistic())
            .isCloseTo(expected, within(0.5 + 3 * cell.boundPercent()));
        assertThat(cell.percentErrorLow()).isLessThanOrEqualTo(cell.percentErrorHigh());
      }
    }
  }
}
