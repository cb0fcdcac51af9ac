package io.plumbline.simulator.latency;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.hardware.DataType;
import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.simulator.hardware.DeviceSku;
import io.plumbline.simulator.hardware.NodeSku;
import io.plumbline.simulator.hardware.Parallelism;
import io.plumbline.trace.model.ModelSpec;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** All-reduces of the roofline against medians that Vidur measured (its all_reduce.csv). */
class RooflineAllReduceTest {
  private static final ModelSpec LLAMA_2_70B =
      new ModelSpec(
          "llama-2-70b",
          80,
          64,
          8,
          128,
          8192,
          28672,
          32000,
          4096,
          true,
          true,
          false,
          false,
          false,
          10000,
          1e-5);
  private static final DeviceSku A100 = new DeviceSku("a100", 80L << 30, 312e12, 2.039e12, 3e-6);
  private static final NodeSku DGX = new NodeSku("dgx", 8, 8, 300e9, 8.92e-6, null, 1, 0);
  private static final NodeSku PAIRS = new NodeSku("pairs", 4, 2, 300e9, 8.92e-6, 32e9, 1, 0);
  private static final NodeSku H100_PAIRS = new NodeSku("h100", 4, 2, 300e9, 8.92e-6, 64e9, 1, 0);
  private static final NodeSku FREE = new NodeSku("free", 8, 8, 1e30, 0, null, 1, 0);

  /** What 80 layers of two all-reduces take more than without links, and the launch of each. */
  private static double allReduceMs(NodeSku node, int tensor, int tokens) {
    return (seconds(node, tensor, tokens) - seconds(FREE, tensor, tokens)) / 160 * 1e3 + 0.003;
  }

  private static double seconds(NodeSku node, int tensor, int tokens) {
    Parallelism parallelism = new Parallelism(tensor, 1);
    return RooflineSpec.defaults()
        .create(
            new Deployment(LLAMA_2_70B, A100, node, parallelism, DataType.FLOAT16),
            new TableLimits(1, 1, 1),
            ProfileSource.none(),
            Compatibility.STANDARD)
        .modelSeconds(Batches.prefills(tokens), 0);
  }

  /** A token has 16 KiB: 4 tokens are 64 KiB, 1024 are 16 MiB, 4096 are 64 MiB. */
  @ParameterizedTest
  @CsvSource({
    "2, 4, 0.051, 0.4, 0.5",
    "4, 4, 0.060, 0.6, 0.7",
    "8, 4, 0.038, 1.4, 1.6",
    "2, 4096, 0.430, 0.7, 0.75",
    "4, 4096, 0.603, 0.75, 0.8",
    "8, 4096, 0.675, 0.8, 0.85",
  })
  void behindASwitchItIsWithinAFactorOfTwoAndAHalf(
      int tensor, int tokens, double measuredMs, double atLeast, double atMost) {
    assertThat(allReduceMs(DGX, tensor, tokens) / measuredMs).isBetween(atLeast, atMost);
  }

  @ParameterizedTest
  @CsvSource({"1024, 1.118, 0.556", "4096, 4.268, 2.063"})
  void overTwoPairsItIsWithinATenth(int tokens, double a100Ms, double h100Ms) {
    assertThat(allReduceMs(PAIRS, 4, tokens) / a100Ms).isBetween(0.9, 1.1);
    assertThat(allReduceMs(H100_PAIRS, 4, tokens) / h100Ms).isBetween(0.9, 1.1);
  }
}
