package io.plumbline.jobs.error;

import static io.plumbline.jobs.TestRuns.REFERENCE;
import static io.plumbline.jobs.TestRuns.SIMULATED;
import static io.plumbline.jobs.TestRuns.measured;
import static io.plumbline.jobs.TestRuns.simulated;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.plumbline.jobs.SharedSpark;
import io.plumbline.jobs.TestRuns;
import io.plumbline.jobs.error.TimeParts.Part;
import io.plumbline.jobs.table.RunTags;
import io.plumbline.jobs.table.RunWriter;
import io.plumbline.jobs.table.Tables;
import io.plumbline.trace.run.IterationTiming;
import io.plumbline.trace.run.RunTrace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TimePartsTest {
  @TempDir Path results;
  private SparkSession spark;
  private RunWriter runs;

  @BeforeEach
  void open() {
    spark = SharedSpark.session();
    runs = new RunWriter(results.toString());
  }

  @Test
  void theGapIsTheSumOfTheGapsOfItsParts() {
    runs.write(measured("real"), TestRuns.withPhases(REFERENCE), RunTags.NONE);
    runs.write(simulated("sim"), TestRuns.withOperators(SIMULATED), RunTags.NONE);
    Tables.register(spark, results.toString());

    TimeParts parts = TimeParts.of(spark, "real", "sim");

    // Two iterations of 1 + 2 + 20 + 4 ms. Requests are served for 30 + 40 + 50 ms, 66 of them
    // between iterations.
    requirePart(parts, 0, "schedule", 0.002, 0.0005);
    requirePart(parts, 1, "prepare", 0.004, 0.0015);
    requirePart(parts, 2, "forward and sample", 0.048, 0.032);
    requirePart(parts, 3, "between iterations", 0.066, 0.00025);
    assertThat(parts.parts()).hasSize(4);
    assertThat(parts.total().referenceSeconds()).isCloseTo(0.120, within(1e-9));
    assertThat(parts.total().simulatedSeconds()).isCloseTo(0.03425, within(1e-9));
    // Longest first, calls counted.
    assertThat(parts.operators().keySet()).containsExactly("mlp_up_proj", "sampler_e2e");
    assertThat(parts.operators().get("mlp_up_proj")).isCloseTo(0.028, within(1e-9));
    assertThat(parts.referenceIterations()).isEqualTo(2);
    assertThat(parts.simulatedIterations()).isEqualTo(1);
    assertThat(parts.means().get(2).name()).isEqualTo("queueing, mean per request");
    assertThat(parts.means().get(2).referenceMs()).isZero();
  }

  private static void requirePart(
      TimeParts parts, int index, String name, double reference, double simulated) {
    Part part = parts.parts().get(index);
    assertThat(part.name()).isEqualTo(name);
    assertThat(part.referenceSeconds()).as(name).isCloseTo(reference, within(1e-9));
    assertThat(part.simulatedSeconds()).as(name).isCloseTo(simulated, within(1e-9));
  }

  @Test
  void theFirstThreeIterationsAfterAPauseStandApart() {
    runs.write(measured("real"), withIterations(8, 7, 6, 5, 4, -9.9, 3, -10, 9), RunTags.NONE);
    runs.write(simulated("sim"), TestRuns.withOperators(SIMULATED), RunTags.NONE);
    Tables.register(spark, results.toString());

    TimeParts parts = TimeParts.of(spark, "real", "sim");

    // 8, 7, 6 at the start and 9 after the long pause; 5, 4, 3 are the others.
    assertThat(parts.means().get(0).name()).isEqualTo("iteration after a pause, mean");
    assertThat(parts.means().get(0).referenceMs()).isCloseTo(7.5, within(1e-9));
    assertThat(parts.means().get(1).name()).isEqualTo("other iterations, mean");
    assertThat(parts.means().get(1).referenceMs()).isCloseTo(4, within(1e-9));
    // One iteration, the first.
    assertThat(parts.means().get(0).simulatedMs()).isPositive();
    assertThat(parts.means().get(1).simulatedMs()).isNull();
  }

  /** The reference with iterations of so many ms; a negative number is a pause. */
  private static RunTrace withIterations(double... millis) {
    List<IterationTiming> iterations = new ArrayList<>();
    long start = 0;
    for (double ms : millis) {
      long nanos = Math.round(Math.abs(ms) * 1e6);
      if (ms > 0) {
        iterations.add(
            new IterationTiming(
                0,
                0,
                iterations.size(),
                start,
                nanos,
                1,
                16,
                0,
                1,
                null,
                null,
                null,
                null,
                0L,
                0L,
                nanos,
                0L));
      }
      start += nanos;
    }
    return new RunTrace(REFERENCE.requests(), iterations, REFERENCE.tokens());
  }

  @Test
  void runsThatDoNotSayHaveNone() {
    runs.write(measured("real"), REFERENCE, RunTags.NONE);
    runs.write(measured("parted"), TestRuns.withPhases(REFERENCE), RunTags.NONE);
    runs.write(simulated("sim"), SIMULATED, RunTags.NONE);
    runs.write(simulated("recorded"), TestRuns.withOperators(SIMULATED), RunTags.NONE);
    Tables.register(spark, results.toString());

    assertThat(TimeParts.of(spark, "parted", "recorded")).isNotNull();
    assertThat(TimeParts.of(spark, "real", "recorded")).isNull();
    assertThat(TimeParts.of(spark, "parted", "sim")).isNull();
  }
}
