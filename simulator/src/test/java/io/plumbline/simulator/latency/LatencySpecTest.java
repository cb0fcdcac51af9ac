package io.plumbline.simulator.latency;

import static io.plumbline.simulator.engine.Compatibility.STANDARD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.simulator.hardware.DataType;
import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.simulator.hardware.DeviceSku;
import io.plumbline.simulator.hardware.NodeSku;
import io.plumbline.simulator.hardware.Parallelism;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LatencySpecTest {

  @ParameterizedTest
  @CsvSource({
    "0, 1, 1, computeEfficiency (0.0) must be above 0 and at most 1",
    "1.1, 1, 1, computeEfficiency (1.1) must be above 0 and at most 1",
    "1, NaN, 1, memoryEfficiency (NaN) must be above 0 and at most 1",
    "1, 1, -1, networkEfficiency (-1.0) must be above 0 and at most 1",
  })
  void impossibleRooflinesAreRefused(
      double compute, double memory, double network, String message) {
    assertThatThrownBy(
            () ->
                new RooflineSpec(
                    compute, memory, network, 1, 0, 1, 1, 1, 1, ExpertExchange.ALL_GATHER))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1, 1, attentionEfficiency (0.0) must be above 0 and at most 1",
    "1, 0, 1, mixedDecodeRows (0) must be positive",
    "1, 1, 0.5, samplingPasses (0.5) must be at least 1",
  })
  void impossibleKernelsOfARooflineAreRefused(
      double attention, int rows, double passes, String message) {
    assertThatThrownBy(
            () ->
                new RooflineSpec(
                    1, 1, 1, attention, 0, rows, passes, 1, 1, ExpertExchange.ALL_GATHER))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 0, 0, 0, kvGranularityTokens (0) must be positive",
    "64, -1, 0, 0, 0, decodeBatchingOverheadFraction (-1.0) must not be negative",
    "64, 0, NaN, 0, 0, prefillBatchingOverheadFraction (NaN) must not be negative",
    "64, 0, 0, Infinity, 0, collectiveLaunchMs (Infinity) must not be negative",
    "64, 0, 0, 0, -0.5, collectiveSkewMsPerDevice (-0.5) must not be negative",
  })
  void impossibleProfileOptionsAreRefused(
      int granularity, double decode, double prefill, double launch, double skew, String message) {
    assertThatThrownBy(
            () ->
                new ProfiledSpec(
                    "root",
                    null,
                    null,
                    granularity,
                    8,
                    decode,
                    prefill,
                    launch,
                    skew,
                    HostOverhead.NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void tokensAreCountedInWholes() {
    assertThatThrownBy(
            () -> new ProfiledSpec("root", null, null, 64, 0, 0, 0, 0, 0, HostOverhead.NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("tokenGranularity (0) must be positive");
  }

  @Test
  void aRooflineNeedsNoProfile() {
    assertThat(RooflineSpec.defaults().profileQuery()).isNull();
  }

  @Test
  void aProfiledModelAsksForTheProfileOfItsFolder() {
    ProfiledSpec spec =
        new ProfiledSpec("some/folder", null, null, 64, 8, 0, 0, 0, 0, HostOverhead.NONE);
    assertThat(spec.profileQuery())
        .isEqualTo(new ProfileQuery("some/folder", ProfileFiles.defaults(), HostOverhead.NONE));
    assertThatThrownBy(
            () ->
                spec.create(
                    Batches.tiny(2, 1, 1, 8),
                    new TableLimits(8, 1, 64),
                    ProfileSource.none(),
                    STANDARD))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("no profiles here, but some/folder is asked for");
  }

  @Test
  void hostTimeNeedsAProfileOfTheHost() {
    ProfiledSpec spec =
        new ProfiledSpec("some/folder", null, null, 64, 8, 0, 0, 0, 0, HostOverhead.PROFILED);
    OperatorProfile deviceOnly = Profiles.of(Map.of(TokenOperator.ADD, Profiles.curve(1, 1)));
    assertThatThrownBy(
            () ->
                spec.create(
                    Batches.tiny(2, 1, 1, 8),
                    new TableLimits(8, 1, 64),
                    (query, deployment) -> deviceOnly,
                    STANDARD))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "hostOverhead is profiled but the profile of tiny in some/folder has no host operators."
                + " Maybe: none");
  }

  @Test
  void theRooflineNeedsTheNumbersThatItComputesWith() {
    Deployment tiny = Batches.tiny(2, 1, 1, 8);
    DeviceSku memoryOnly = new DeviceSku("a30", 24L << 30, 165e12, null, null);
    assertThatThrownBy(() -> RooflineSpec.defaults().requireSupports(on(tiny, memoryOnly, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "roofline needs the memory bandwidth and the kernel launch time of a30. Maybe choose a"
                + " device with a card, or give them.");
    assertThatThrownBy(() -> RooflineSpec.defaults().requireSupports(on(tiny, tiny.device(), 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "roofline needs the links of unknown. Maybe choose a node with a card, or give them.");
    RooflineSpec.defaults().requireSupports(on(tiny, tiny.device(), 1));
    ProfiledSpec.defaults().requireSupports(on(tiny, memoryOnly, 2));
  }

  /** On a server of whose links nothing is known. */
  private static Deployment on(Deployment deployment, DeviceSku device, int tensor) {
    return new Deployment(
        deployment.model(),
        device,
        new NodeSku("unknown", 4, null, null, null, null, null, null),
        new Parallelism(tensor, 1),
        DataType.FLOAT16);
  }
}
