package io.plumbline.simulator.hardware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.trace.model.ModelSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeploymentTest {
  private static final ModelSpec MODEL =
      new ModelSpec(
          "tiny", 6, 8, 2, 4, 32, 64, 100, 64, true, true, false, false, false, 10000, 1e-5);
  private static final NodeSku PAIRS = new NodeSku("pairs", 4, 2, 300, 0.1, 30.0, 3, 0.2);
  private static final DeviceSku DEVICE = new DeviceSku("device", 1, 1, 1, 0);

  private static Deployment deployment(int tensor, int pipeline, int devicesPerNode) {
    return deployment(tensor, pipeline, new NodeSku("pair", devicesPerNode, 1, 1, 0, 1.0, 1, 0));
  }

  private static Deployment deployment(int tensor, int pipeline, NodeSku node) {
    return new Deployment(MODEL, DEVICE, node, new Parallelism(tensor, pipeline), DataType.FLOAT16);
  }

  @Test
  void aDeviceHoldsItsShare() {
    Deployment deployment = deployment(2, 3, 8);
    assertThat(deployment.layersPerStage()).isEqualTo(2);
    assertThat(deployment.queryHeadsPerDevice()).isEqualTo(4);
    assertThat(deployment.kvHeadsPerDevice()).isEqualTo(1);
    // 32*4*(4+2*1) + 32*4*4 + 3*32*64/2 = 768 + 512 + 3072, for 2 layers.
    assertThat(deployment.blockParametersPerDevice()).isEqualTo(2 * 4352);
  }

  @Test
  void keyValueHeadsAreCopiedWhereTheyAreFewerThanDevices() {
    assertThat(deployment(8, 1, 8).kvHeadsPerDevice()).isEqualTo(1);
  }

  @Test
  void sharesOfAllDevicesAreTheWholeModel() {
    assertThat(deployment(2, 3, 8).blockParametersPerDevice() * 6)
        .isEqualTo(MODEL.blockParameters());
  }

  @Test
  void aReplicaLargerThanAServerSpansSeveral() {
    assertThat(deployment(2, 2, 2).multiNode()).isTrue();
    assertThat(deployment(2, 2, 4).multiNode()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "1, 4, 8, layers (6) of tiny must be a multiple of the pipeline stages (4)",
    "3, 1, 8, query heads (8) of tiny must be a multiple of the tensor parallel degree (3)",
    "1, 3, 2, a replica of 3 devices must fit into a node of 2 (pair) or fill several",
    "0, 1, 8, tensor (0.0) must be positive",
    "1, -1, 8, pipeline (-1.0) must be positive",
    "1, 1, 0, devicesPerNode (0.0) must be positive",
  })
  void impossibleDeploymentsAreRefused(int tensor, int pipeline, int perNode, String message) {
    assertThatThrownBy(() -> deployment(tensor, pipeline, perNode))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1, 1, 0, memoryBytes (0.0) must be positive",
    "1, NaN, 1, 0, denseFlops (NaN) must be positive",
    "1, 1, Infinity, 0, memoryBandwidthBytesPerSecond (Infinity) must be positive",
    "1, 1, 1, -1, kernelLaunchSeconds (-1.0) must not be negative",
  })
  void impossibleDevicesAreRefused(
      long memory, double flops, double bandwidth, double launch, String message) {
    assertThatThrownBy(() -> new DeviceSku("d", memory, flops, bandwidth, launch))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 1, 0, linkBandwidthBytesPerSecond (0.0) must be positive",
    "1, -1, 1, 0, linkLatencySeconds (-1.0) must not be negative",
    "1, 0, 0, 0, interNodeBandwidthBytesPerSecond (0.0) must be positive",
    "1, 0, 1, NaN, interNodeLatencySeconds (NaN) must not be negative",
  })
  void impossibleLinksAreRefused(
      double link, double latency, double network, double networkLatency, String message) {
    assertThatThrownBy(() -> new NodeSku("n", 8, 8, link, latency, null, network, networkLatency))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  /** Servers of four devices in two pairs: 300 inside a pair, 30 between them, 3 outside. */
  @ParameterizedTest
  @CsvSource({
    // Devices 0 1; 0 1 2 3; 0 to 7.
    "2, 1, 0, 300",
    "4, 1, 0, 30",
    "8, 1, 0, 3",
    // Each stage is a pair.
    "2, 6, 0, 300",
    "2, 6, 1, 300",
    // Devices 0 1 2 3 and 4 5 6 7.
    "4, 2, 1, 30",
    // One device is linked to itself.
    "1, 3, 2, 300",
  })
  void aStageIsAsFastAsTheSlowestLinkAmongItsDevices(
      int tensor, int pipeline, int stage, double bandwidth) {
    assertThat(deployment(tensor, pipeline, PAIRS).tensorLink(stage))
        .isEqualTo(new Link(bandwidth, bandwidth == 3 ? 0.2 : 0.1));
  }

  @ParameterizedTest
  @CsvSource({
    // 0 to 1; 1 to 2.
    "1, 3, 0, 300",
    "1, 3, 1, 30",
    // 0 1 to 2 3; 2 3 to 4 5, in the next server; 4 5 to 6 7.
    "2, 6, 0, 30",
    "2, 6, 1, 3",
    "2, 6, 2, 30",
    "4, 2, 0, 3",
  })
  void aStageSendsOverTheSlowestLinkToTheNext(
      int tensor, int pipeline, int stage, double bandwidth) {
    assertThat(deployment(tensor, pipeline, PAIRS).sendLink(stage))
        .isEqualTo(new Link(bandwidth, bandwidth == 3 ? 0.2 : 0.1));
  }

  @ParameterizedTest
  @CsvSource({
    "4, 0, 1, linkedDevices (0.0) must be positive",
    "4, 3, 1, devicesPerNode (4) of n must be a multiple of linkedDevices (3)",
    "4, 2, 0, crossLinkBandwidthBytesPerSecond (0.0) must be positive",
    "4, 2, , 'n has groups of 2 linked devices in a server of 4, but no"
        + " crossLinkBandwidthBytesPerSecond between them'",
  })
  void impossibleGroupsAreRefused(
      int devicesPerNode, int linkedDevices, Double crossLink, String message) {
    assertThatThrownBy(() -> new NodeSku("n", devicesPerNode, linkedDevices, 1, 0, crossLink, 1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void ofTheLinksEverythingIsKnownOrNothing() {
    NodeSku unknown = new NodeSku("n", 4, null, null, null, null, null, null);
    assertThat(unknown.linksKnown()).isFalse();
    assertThat(PAIRS.linksKnown()).isTrue();
    assertThatThrownBy(() -> new NodeSku("n", 4, null, 1.0, null, null, null, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("n has numbers of links, but no linkedDevices");
    assertThatThrownBy(() -> new NodeSku("n", 4, 4, 1.0, null, null, 1.0, 0.0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("linkLatencySeconds is missing");
  }
}
