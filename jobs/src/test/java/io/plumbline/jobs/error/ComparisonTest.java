package io.plumbline.jobs.error;

import static io.plumbline.jobs.TestRuns.REFERENCE;
import static io.plumbline.jobs.TestRuns.SIMULATED;
import static io.plumbline.jobs.TestRuns.manifest;
import static io.plumbline.jobs.TestRuns.measured;
import static io.plumbline.jobs.TestRuns.simulated;
import static io.plumbline.jobs.TestRuns.trace;
import static io.plumbline.jobs.TestRuns.unfinished;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.plumbline.files.BadInputException;
import io.plumbline.jobs.SharedSpark;
import io.plumbline.jobs.table.ErrorSummaryRow;
import io.plumbline.jobs.table.RunTags;
import io.plumbline.jobs.table.RunWriter;
import io.plumbline.jobs.table.Tables;
import io.plumbline.trace.run.Origin;
import io.plumbline.trace.run.RunManifest;
import io.plumbline.trace.run.RunTrace;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonTest {
  private final SparkSession spark = SharedSpark.session();
  @TempDir Path results;

  @Test
  void statisticsAndErrorsPerRequestAreThoseWorkedOutByHand() {
    write(measured("real"), REFERENCE);
    write(simulated("sim"), SIMULATED);
    List<ErrorSummaryRow> summary = compare("real", "sim").summary();

    // TTFT 10 20 30 vs 11 20 27 ms; rank of P90 is 1.8: 20 + 0.8 * 10 = 28, 20 + 0.8 * 7 = 25.6.
    requireRow(summary, "ttft", "p50", 20e6, 20e6, 0.0, "PASS", 3);
    requireRow(summary, "ttft", "mean", 20e6, 58e6 / 3, -100.0 / 30, "PASS", 3);
    requireRow(summary, "ttft", "p90", 28e6, 25.6e6, -100 * 2.4 / 28, "WARN", 3);
    // TPOT 10 vs 9 ms for every request; TBT the same for its two gaps each.
    requireRow(summary, "tpot", "p99", 10e6, 9e6, -10.0, "FAIL", 3);
    requireRow(summary, "tbt", "p50", 10e6, 9e6, -10.0, "FAIL", 6);
    // With a 0 for each first token: 6 gaps and 3 zeros, mean 60 / 9 vs 54 / 9 ms.
    requireRow(summary, "token_latency", "mean", 60e6 / 9, 54e6 / 9, -10.0, "FAIL", 9);
    // E2E 30 40 50 vs 29 38 45 ms.
    requireRow(summary, "e2e", "p50", 40e6, 38e6, -5.0, "PASS", 3);
    assertThat(summary).hasSize(5 * 5);

    Tables.register(spark, results.toString());
    assertThat(
            spark
                .sql(
                    "SELECT concat_ws(' ', request_id, metric, CAST(signed_error_ns AS BIGINT),"
                        + " CAST(relative_error AS DECIMAL(6, 3))) FROM request_error"
                        + " ORDER BY request_id, metric")
                .collectAsList())
        .extracting(row -> row.getString(0))
        .containsExactly(
            "0 e2e -1000000 -0.033",
            "0 tpot -1000000 -0.100",
            "0 ttft 1000000 0.100",
            "1 e2e -2000000 -0.050",
            "1 tpot -1000000 -0.100",
            "1 ttft 0 0.000",
            "2 e2e -5000000 -0.100",
            "2 tpot -1000000 -0.100",
            "2 ttft -3000000 -0.100");
  }

  @Test
  void aRunComparedWithItselfHasNoErrorAndRepeatingDuplicatesNothing() {
    write(measured("real"), REFERENCE);
    write(simulated("sim"), SIMULATED);
    compare("real", "sim");
    Comparison.Result again = compare("real", "real", "sim");
    assertThat(again.simulated()).extracting(run -> run.runId()).containsExactly("real", "sim");
    assertThat(again.hasFailure()).isTrue();
    assertThat(again.summary().subList(0, 25))
        .allSatisfy(
            row -> {
              assertThat(row.simulatedRunId()).isEqualTo("real");
              assertThat(row.percentError()).isZero();
              assertThat(row.verdict()).isEqualTo("PASS");
            });
    Tables.register(spark, results.toString());
    assertThat(spark.table("error_summary").count()).isEqualTo(2 * 25);
    assertThat(spark.table("request_error").count()).isEqualTo(2 * 9);
  }

  @Test
  void labelsAndFirstLettersNameARunAndMissingTokenTimesAreNoted() {
    new RunWriter(results.toString()).write(measured("r1"), REFERENCE, RunTags.labelled("a100"));
    write(simulated("sim"), new RunTrace(SIMULATED.requests(), List.of(), null));
    Comparison.Result result = compare("a100", "s");
    assertThat(result.reference().runId()).isEqualTo("r1");
    assertThat(result.summary()).hasSize(3 * 5);
    assertThat(result.notes())
        .containsExactly(
            "sim: no tbt, because a side has no token times or no request of two tokens");
  }

  @Test
  void unknownAndAmbiguousRunsAreRefusedWithTheCandidates() {
    assertThatThrownBy(() -> compare("real", "sim"))
        .hasMessage(
            "no run \"real\": there are no runs yet. Maybe run ingest or sweep first, or give"
                + " --results.");
    write(simulated("s1"), SIMULATED);
    new RunWriter(results.toString()).write(measured("s2"), REFERENCE, RunTags.labelled("a100"));
    assertThatThrownBy(() -> compare("real", "s1"))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            """
            no run "real"; there are:
              s1  simulated, plumbline
              s2  measured, vllm, label "a100\"""");
    assertThatThrownBy(() -> compare("s2", "s"))
        .hasMessage(
            """
            "s" is not one run but 2:
              s1  simulated, plumbline
              s2  measured, vllm, label "a100"
            Maybe give more of the id.""");
  }

  @Test
  void runsOfDifferentWorkloadsAreRefusedWithTheDifference() {
    write(measured("real"), REFERENCE);
    write(manifest("sim", Origin.SIMULATED, "w2"), trace(9, 11, 20));
    assertThatThrownBy(() -> compare("real", "sim"))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            "real ran workload w1, sim ran workload w2: of 3 requests 1 are only in the reference."
                + " Maybe simulate the reference's own workload.");
    write(manifest("sim", Origin.SIMULATED, "w2"), SIMULATED);
    assertThatThrownBy(() -> compare("real", "sim"))
        .hasMessage(
            "real ran workload w1, sim ran workload w2: of 3 requests none differs in arrival or"
                + " lengths, so prompts, priorities or sessions do. Maybe simulate the reference's"
                + " own workload.");
  }

  @Test
  void runsThatLackRequestsAreRefused() {
    write(measured("real"), REFERENCE);
    write(simulated("sim"), trace(9, 11, 20));
    assertThatThrownBy(() -> compare("real", "sim"))
        .hasMessage(
            "sim lacks 1 requests that real has: 2. Maybe its table request_timing was cut; write"
                + " the run again.");
    assertThatThrownBy(() -> compare("sim", "real"))
        .hasMessage(
            "sim lacks 1 requests that real has: 2. Maybe its table request_timing was cut; write"
                + " the run again.");
  }

  @Test
  void unfinishedRequestsAreRefusedUnlessTheyMayBeLeftOut() {
    write(measured("real"), unfinished(REFERENCE, 1));
    write(simulated("sim"), SIMULATED);
    assertThatThrownBy(() -> compare("real", "sim"))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            """
            real has 1 requests it did not finish (1 not completed, 0 with fewer tokens than asked): 1
            Times of such requests are no prediction to judge. Maybe give --allow-partial, which leaves them out on both sides.""");

    Comparison.Result result =
        new Comparison(spark, results.toString(), Thresholds.DEFAULT, PartialRequests.DROP)
            .compare("real", List.of("sim"));
    // Requests 0 and 2 remain: TTFT 10 30 vs 11 27 ms.
    requireRow(result.summary(), "ttft", "p50", 20e6, 19e6, -5.0, "PASS", 2);
    requireRow(result.summary(), "tbt", "p50", 10e6, 9e6, -10.0, "FAIL", 4);
    assertThat(result.notes())
        .containsExactly("sim: 1 of 3 requests are left out because a side did not finish them");
  }

  @Test
  void aComparisonWithNothingLeftIsRefused() {
    write(measured("real"), unfinished(trace(10, 10), 0));
    write(simulated("sim"), trace(9, 11));
    assertThatThrownBy(
            () ->
                new Comparison(spark, results.toString(), Thresholds.DEFAULT, PartialRequests.DROP)
                    .compare("real", List.of("sim")))
        .hasMessage("real and sim have no request that both finished; all 1 are left out");
  }

  private void write(RunManifest run, RunTrace trace) {
    new RunWriter(results.toString()).write(run, trace, RunTags.NONE);
  }

  private Comparison.Result compare(String reference, String... simulated) {
    return new Comparison(spark, results.toString(), Thresholds.DEFAULT, PartialRequests.REFUSE)
        .compare(reference, List.of(simulated));
  }

  private static void requireRow(
      List<ErrorSummaryRow> summary,
      String metric,
      String statistic,
      double referenceNs,
      double simulatedNs,
      double percent,
      String verdict,
      long samples) {
    ErrorSummaryRow row =
        summary.stream()
            .filter(r -> r.metric().equals(metric) && r.statistic().equals(statistic))
            .findFirst()
            .orElseThrow();
    assertThat(row.referenceNs()).isEqualTo(referenceNs, within(1e-3));
    assertThat(row.simulatedNs()).isEqualTo(simulatedNs, within(1e-3));
    assertThat(row.percentError()).isEqualTo(percent, within(1e-9));
    assertThat(row.verdict()).isEqualTo(verdict);
    assertThat(row.samples()).isEqualTo(samples);
  }
}
