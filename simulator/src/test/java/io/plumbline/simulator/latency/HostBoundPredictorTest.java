package io.plumbline.simulator.latency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.plumbline.simulator.batching.Batch;
import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.hardware.Deployment;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Four layers whose kernels are those of the roofline. */
class HostBoundPredictorTest {
  private static final RooflineSpec KERNELS = new RooflineSpec(0.05, 0.5, 1);
  private static final TableLimits ANY = new TableLimits(1, 1, 1);
  private static final StepTerms HOST = new StepTerms(2_000_000, 500_000, 100_000);

  private static ExecutionTimePredictor predictor(Deployment deployment, PredictorSpec spec) {
    return spec.create(deployment, ANY, ProfileSource.none(), Compatibility.STANDARD);
  }

  private static ExecutionTimePredictor launching(
      int tensor, double perLayer, double perCollective) {
    return predictor(
        Batches.tiny(2, tensor, 1, 8),
        new HostBoundSpec(KERNELS, HOST, new LaunchTerms(perLayer * 1e6, perCollective * 1e6)));
  }

  private static double kernels(int tensor, Batch batch) {
    return predictor(Batches.tiny(2, tensor, 1, 8), KERNELS).modelSeconds(batch, 0);
  }

  @Test
  void aStageTakesTheLongerOfLaunchingAndRunning() {
    Batch decode = Batches.decodes(10);
    Batch prefill = Batches.prefills(200);
    assertThat(kernels(1, decode)).isBetween(18.0, 19.0);
    assertThat(kernels(1, prefill)).isGreaterThan(700);
    // Four layers of 10 s.
    ExecutionTimePredictor slowHost = launching(1, 10, 0);
    assertThat(slowHost.modelSeconds(decode, 0)).isEqualTo(40);
    assertThat(slowHost.modelSeconds(prefill, 0)).isEqualTo(kernels(1, prefill));
    assertThat(launching(1, 0.1, 0).modelSeconds(decode, 0)).isEqualTo(kernels(1, decode));
  }

  @Test
  void twoCollectivesOfALayerAreLaunchedWhereDevicesShareIt() {
    Batch decode = Batches.decodes(10);
    assertThat(launching(1, 10, 5).modelSeconds(decode, 0)).isEqualTo(40);
    // Four layers of 10 + 2 * 5 s.
    assertThat(launching(2, 10, 5).modelSeconds(decode, 0)).isEqualTo(80);
  }

  @Test
  void theRestOfTheHostComesOnTop() {
    // 2 s, two requests of half a second; a prefill of 20 tokens instead, a tenth each.
    assertThat(launching(1, 10, 0).hostSeconds(Batches.decodes(10, 10), 0)).isEqualTo(3);
    assertThat(launching(1, 10, 0).hostSeconds(Batches.prefills(20), 0))
        .isCloseTo(4.5, within(1e-12));
  }

  @Test
  void aReplicaThatWaitsForOthersWaitsForTheirLaunches() {
    Batch[] ranks = {null, Batches.decodes(10)};
    assertThat(launching(1, 10, 0).stepSeconds(ranks, 0)).isEqualTo(40);
    ranks[0] = Batches.prefills(200);
    assertThat(launching(1, 10, 0).stepSeconds(ranks, 0))
        .isEqualTo(kernels(1, Batches.prefills(200)));
  }

  @Test
  void operatorsAddUpToTheStage() {
    Map<String, Double> ms = new HashMap<>();
    ExecutionTimePredictor slowHost = launching(1, 10, 0);
    Batch decode = Batches.decodes(10);
    slowHost.operators(
        decode, 0, (name, callMs, calls) -> ms.merge(name, callMs * calls, Double::sum));
    double sum = ms.values().stream().mapToDouble(time -> time).sum();
    assertThat(sum)
        .isCloseTo(
            1e3 * (slowHost.modelSeconds(decode, 0) + slowHost.hostSeconds(decode, 0)),
            within(1e-6));
    assertThat(ms.get("wait_for_launch")).isCloseTo(1e3 * (40 - kernels(1, decode)), within(1e-6));
  }

  @Test
  void aHostOfAHostIsRefused() {
    assertThatThrownBy(
            () -> new HostBoundSpec(HostBoundSpec.defaults(), HOST, LaunchTerms.defaults()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("kernels (host_bound) must be a predictor of devices. Maybe kernels: roofline");
    assertThatThrownBy(() -> new LaunchTerms(-1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("perLayerUs (-1.0) must not be negative");
  }
}
