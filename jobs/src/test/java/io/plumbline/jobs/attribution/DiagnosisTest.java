package io.plumbline.jobs.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DiagnosisTest {
  private static final Evidence.Requests ALIKE =
      new Evidence.Requests(100, 10e6, 10e6, 0, 0, 1.0, 1.0);

  private static final Iterations FLAT = decodes(13.6e6, 2e3, null);

  private static Iterations decodes(double nanos, double perDecode, Double host) {
    return new Iterations(1000, nanos, host, perDecode, 4.0, 20.0, 100, 30e3, 5e6);
  }

  private static PartError part(String name, double realMs, double predictedMs) {
    return new PartError(
        name,
        realMs * 1e6,
        predictedMs * 1e6,
        Math.abs(predictedMs - realMs) * 1e6,
        predictedMs - realMs);
  }

  private static List<Finding> of(
      Iterations real, Iterations predicted, Evidence.Requests requests, PartError... parts) {
    return Diagnosis.of(new Evidence(List.of(parts), real, predicted, requests, 0.0));
  }

  @Test
  void aStepThatLacksAConstantLacksItsHost() {
    assertThat(of(FLAT, decodes(1.8e6, 5e3, null), ALIKE))
        .containsExactly(
            new Finding(
                "host overhead",
                "measured step 13.6 ms, predicted 1.8 ms, independent of batch (4 to 20 requests)"));
  }

  @Test
  void whereBothSidesKnowTheHostsShareItIsTheHostOrTheDevices() {
    assertThat(of(decodes(13.6e6, 2e3, 12e6), decodes(1.8e6, 2e3, 0.5e6), ALIKE))
        .containsExactly(
            new Finding(
                "host overhead",
                "measured step 13.6 ms, predicted 1.8 ms, independent of batch (4 to 20 requests);"
                    + " of that the host's 12.0 ms and 0.5 ms"));
    assertThat(of(decodes(13.6e6, 2e3, 0.6e6), decodes(1.8e6, 2e3, 0.5e6), ALIKE))
        .extracting(Finding::cause)
        .containsExactly("devices, per step");
  }

  @Test
  void aDifferenceThatGrowsWithTheBatchIsNoConstant() {
    assertThat(of(decodes(12e6, 500e3, null), decodes(9e6, 200e3, null), ALIKE))
        .containsExactly(
            new Finding(
                "decode steps",
                "measured step 12.0 ms, predicted 9.0 ms; one more request takes 500.0 us measured,"
                    + " 200.0 us predicted"));
  }

  @Test
  void stepsWithinFivePercentAreAlike() {
    assertThat(of(decodes(10e6, 0, null), decodes(10.4e6, 0, null), ALIKE)).isEmpty();
    assertThat(of(decodes(10e6, 0, null), decodes(10.6e6, 0, null), ALIKE)).hasSize(1);
  }

  @Test
  void withoutIterationsTimesOfTokensSayIt() {
    Evidence.Requests slower = new Evidence.Requests(100, 10e6, 9e6, 0, 0, 1.0, 1.0);
    assertThat(of(null, null, slower, part("decode", 100, 90)))
        .containsExactly(
            new Finding(
                "decode steps", "median time per output token 10.0 ms measured, 9.0 ms predicted"));
    assertThat(of(null, null, ALIKE, part("prefill", 20, 18)))
        .containsExactly(
            new Finding("prefill", "a prefill takes 20.0 ms measured, 18.0 ms predicted"));
    // Not worth a word.
    assertThat(of(null, null, slower, part("decode", 100, 99.5), part("prefill", 20, 19.5)))
        .isEmpty();
  }

  @Test
  void queueingIsNamedWhereItIsMostOfTheError() {
    assertThat(of(null, null, ALIKE, part("queueing", 300, 100), part("prefill", 20, 20.5)))
        .extracting(Finding::cause)
        .containsExactly("queueing");
    assertThat(of(null, null, ALIKE, part("queueing", 300, 298), part("prefill", 20, 10)))
        .extracting(Finding::cause)
        .containsExactly("prefill");
  }

  @Test
  void preemptionsColdStartsAndExtrapolationHaveTheirOwnWords() {
    Evidence.Requests requests = new Evidence.Requests(100, 10e6, 10e6, 40, 5, 12.0, 2.0);
    assertThat(
            Diagnosis.of(new Evidence(List.of(), null, null, requests, 0.25)).stream()
                .map(f -> f.cause() + ": " + f.evidence()))
        .containsExactly(
            "preemptions: 40 measured, 5 predicted: the KV caches are not of the same size, or not"
                + " filled alike",
            "cold start: E2E of the first 10 requests is off by 12.0 %, of the others by 2.0 %",
            "extrapolation: 25 % of the predicted time lie outside of what was measured");
  }
}
