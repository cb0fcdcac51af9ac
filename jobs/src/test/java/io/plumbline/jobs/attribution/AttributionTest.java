package io.plumbline.jobs.attribution;

import static io.plumbline.jobs.TestRuns.MILLI;
import static io.plumbline.jobs.TestRuns.measured;
import static io.plumbline.jobs.TestRuns.simulated;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.plumbline.files.BadInputException;
import io.plumbline.jobs.SharedSpark;
import io.plumbline.jobs.TestRuns;
import io.plumbline.jobs.table.RunTags;
import io.plumbline.jobs.table.RunWriter;
import io.plumbline.jobs.table.Tables;
import io.plumbline.trace.run.IterationTiming;
import io.plumbline.trace.run.Origin;
import io.plumbline.trace.run.RequestOutcome;
import io.plumbline.trace.run.RequestTiming;
import io.plumbline.trace.run.RunManifest;
import io.plumbline.trace.run.RunTrace;
import io.plumbline.trace.run.TokenTimes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.math3.stat.descriptive.moment.StandardDeviation;
import org.apache.commons.math3.stat.regression.OLSMultipleLinearRegression;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AttributionTest {
  private final SparkSession spark = SharedSpark.session();
  @TempDir Path results;

  /** Four iterations of a measured engine, of which the model runs for 7, 3, 6 and 2 ms. */
  private static final List<IterationTiming> MEASURED =
      List.of(
          measuredIteration(0, 2, 10, 7, 16),
          measuredIteration(1, 14, 4, 3, 0),
          measuredIteration(2, 20, 6, 6, 0),
          measuredIteration(3, 26, 4, 2, 0));

  /** Three iterations without pauses between them, of which devices wait 1 ms each. */
  private static final List<IterationTiming> SIMULATED =
      List.of(
          simulatedIteration(0, 1, 9, 16),
          simulatedIteration(1, 10, 5, 0),
          simulatedIteration(2, 15, 5, 0));

  @Test
  void partsAreThoseWorkedOutByHandAndAddUpToTheError() {
    write(measured("real"), trace(MEASURED, served(2, 12, 30, 0), 12, 18, 26, 30));
    write(simulated("sim"), trace(SIMULATED, served(1, 10, 20, 0), 10, 15, 20));
    Attribution.Result result = attribute("real", "sim");
    requirePart(result, "queueing", 2, 1);
    requirePart(result, "prefill", 7, 8);
    requirePart(result, "decode", 3 + 6 + 2, 4 + 4);
    requirePart(result, "preemption", 0, 0);
    // 3 in the first iteration, 2 after it, and so on; whatever is no forward pass.
    requirePart(result, "host", 30 - 2 - 7 - 11, 20 - 1 - 8 - 8);
    assertThat(result.parts().stream().mapToDouble(PartError::percentOfE2e).sum())
        .isCloseTo(-100.0 / 3, within(1e-9));
    attribute("real", "sim");
    Tables.register(spark, results.toString());
    assertThat(
            spark
                .sql(
                    "SELECT concat_ws(' ', part, basis, CAST(error_ns / 1e6 AS INT)) FROM"
                        + " error_attribution ORDER BY part")
                .collectAsList())
        .extracting(row -> row.getString(0))
        .containsExactly(
            "decode iterations -3",
            "host iterations -7",
            "preemption iterations 0",
            "prefill iterations 1",
            "queueing iterations -1");
  }

  @Test
  void iterationsBetweenTokensOfAPreemptedRequestAreItsPreemption() {
    // The third iteration makes no token of it, so that and the fourth are what preemption cost.
    write(measured("real"), trace(MEASURED, served(2, 12, 30, 1), 12, 18, 30));
    // Preempted before its first token: from then on each iteration makes a token of it, and the
    // next begins when one ends.
    write(simulated("sim"), trace(SIMULATED, served(1, 10, 20, 1), 10, 15, 20));
    Attribution.Result result = attribute("real", "sim");
    requirePart(result, "decode", 3, 8);
    requirePart(result, "preemption", 6 + 2, 0);
    requirePart(result, "host", 10, 3);
  }

  @Test
  void withoutIterationsOfASideRequestsAreSplitByTheirOwnTimes() {
    write(measured("real"), trace(MEASURED, served(2, 12, 30, 0), 12, 18, 26, 30));
    write(simulated("sim"), trace(List.of(), served(1, 10, 20, 0), 10, 15, 20));
    Attribution.Result result = attribute("real", "sim");
    assertThat(result.parts())
        .extracting(PartError::part)
        .containsExactly("queueing", "prefill", "decode");
    requirePart(result, "prefill", 10, 9);
    requirePart(result, "decode", 18, 10);

    write(measured("client"), trace(List.of(), served(null, 12, 30, 0), 12, 18, 26, 30));
    result = attribute("client", "sim");
    assertThat(result.parts()).extracting(PartError::part).containsExactly("first_token", "decode");
    requirePart(result, "first_token", 12, 10);
  }

  @Test
  void whatASideDidNotFinishIsLeftOut() {
    write(measured("real"), TestRuns.unfinished(TestRuns.REFERENCE, 1));
    write(simulated("sim"), TestRuns.SIMULATED);
    Attribution.Result result = attribute("real", "sim");
    assertThat(result.requests()).isEqualTo(2);
    assertThat(result.leftOut()).isEqualTo(1);

    write(measured("none"), TestRuns.unfinished(TestRuns.trace(MILLI, 3), 0));
    assertThatThrownBy(() -> attribute("none", "none"))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            "none and none have no request that both finished; there is nothing to attribute");
    write(TestRuns.manifest("other", Origin.SIMULATED, "w2"), TestRuns.SIMULATED);
    assertThatThrownBy(() -> attribute("real", "other"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("real ran workload w1, other ran workload w2");
  }

  @Test
  void theRegressionIsThatOfAnIndependentImplementation() {
    int count = 80;
    List<RequestTiming> real = new ArrayList<>();
    List<RequestTiming> predicted = new ArrayList<>();
    double[] errors = new double[count];
    double[][] quantities = new double[count][];
    for (int i = 0; i < count; i++) {
      int prompt = 100 + 37 * i % 211;
      int output = 10 + 53 * i % 97;
      // Two by two, so that every second one finds another in flight.
      long arrival = i / 2 * 1000L + i % 2;
      long e2e = 500L + output;
      int late = prompt / 4 - output / 3 + (i % 2) * 11 + 29 * i % 17;
      real.add(request(i, prompt, output, arrival, e2e));
      predicted.add(request(i, prompt, output, arrival, e2e + late));
      errors[i] = 100.0 * late / e2e;
      quantities[i] = new double[] {prompt, output, i % 2 + 1};
    }
    write(measured("real"), new RunTrace(real, List.of(), null));
    write(simulated("sim"), new RunTrace(predicted, List.of(), null));
    ErrorRegression regression = attribute("real", "sim").regression();

    OLSMultipleLinearRegression expected = new OLSMultipleLinearRegression();
    expected.newSampleData(errors, quantities);
    double[] slopes = expected.estimateRegressionParameters();
    double[] deviations = expected.estimateRegressionParametersStandardErrors();
    assertThat(regression.requests()).isEqualTo(count);
    assertThat(regression.explained()).isCloseTo(expected.calculateRSquared(), within(1e-9));
    List<String> names = List.of("prompt tokens", "output tokens", "requests in flight at arrival");
    assertThat(regression.effects()).hasSize(3);
    for (ErrorRegression.Effect effect : regression.effects()) {
      int i = names.indexOf(effect.quantity());
      double[] column = new double[count];
      for (int r = 0; r < count; r++) {
        column[r] = quantities[r][i];
      }
      double deviation = new StandardDeviation().evaluate(column);
      assertThat(effect.percentPerDeviation()).isCloseTo(slopes[i + 1] * deviation, within(1e-9));
      assertThat(effect.t()).isCloseTo(slopes[i + 1] / deviations[i + 1], within(1e-7));
    }
  }

  @Test
  void aQuantityThatIsTheSameForAllSaysNothing() {
    write(measured("real"), TestRuns.REFERENCE);
    Attribution.Result result = attribute("real", "real");
    assertThat(result.regression()).isNull();
    assertThat(result.findings()).isEmpty();
  }

  private static RequestTiming request(int id, int prompt, int output, long arrivalMs, long e2eMs) {
    long arrival = arrivalMs * MILLI;
    return new RequestTiming(
        id,
        0,
        arrival,
        arrival,
        arrival + 100 * MILLI,
        arrival + e2eMs * MILLI,
        prompt,
        output,
        output,
        0,
        RequestOutcome.COMPLETED);
  }

  private static RequestTiming served(
      Integer scheduledMs, int firstMs, int endMs, int preemptions) {
    return new RequestTiming(
        0,
        0,
        0,
        scheduledMs == null ? null : scheduledMs * MILLI,
        firstMs * MILLI,
        endMs * MILLI,
        16,
        3,
        3,
        preemptions,
        RequestOutcome.COMPLETED);
  }

  private static RunTrace trace(
      List<IterationTiming> iterations, RequestTiming request, long... tokenMs) {
    long[] tokens = new long[tokenMs.length];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = tokenMs[i] * MILLI;
    }
    return new RunTrace(List.of(request), iterations, TokenTimes.of(new long[][] {tokens}));
  }

  private static IterationTiming measuredIteration(
      int iteration, long startMs, long durationMs, long forwardMs, int prefillTokens) {
    return new IterationTiming(
        0,
        0,
        iteration,
        startMs * MILLI,
        durationMs * MILLI,
        1,
        prefillTokens,
        prefillTokens > 0 ? 0 : 1,
        1,
        null,
        null,
        null,
        null,
        0L,
        (durationMs - forwardMs) * MILLI,
        forwardMs * MILLI,
        0L);
  }

  private static IterationTiming simulatedIteration(
      int iteration, long startMs, long durationMs, int prefillTokens) {
    return new IterationTiming(
        0,
        0,
        iteration,
        startMs * MILLI,
        durationMs * MILLI,
        1,
        prefillTokens,
        prefillTokens > 0 ? 0 : 1,
        1,
        startMs * MILLI,
        MILLI,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  private static void requirePart(
      Attribution.Result result, String name, double referenceMs, double simulatedMs) {
    PartError part =
        result.parts().stream().filter(p -> p.part().equals(name)).findFirst().orElseThrow();
    assertThat(part.referenceNanos()).as(name).isCloseTo(referenceMs * MILLI, within(1e-3));
    assertThat(part.simulatedNanos()).as(name).isCloseTo(simulatedMs * MILLI, within(1e-3));
  }

  private void write(RunManifest run, RunTrace trace) {
    new RunWriter(results.toString()).write(run, trace, RunTags.NONE);
  }

  private Attribution.Result attribute(String reference, String simulated) {
    return new Attribution(spark, results.toString()).attribute(reference, simulated);
  }
}
