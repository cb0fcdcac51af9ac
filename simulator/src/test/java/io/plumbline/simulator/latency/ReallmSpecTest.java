package io.plumbline.simulator.latency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.plumbline.simulator.batching.Batch;
import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.hardware.DataType;
import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.simulator.hardware.DeviceSku;
import io.plumbline.simulator.hardware.NodeSku;
import io.plumbline.simulator.hardware.Parallelism;
import io.plumbline.simulator.latency.ReallmSpec.Method;
import io.plumbline.simulator.learning.Samples;
import io.plumbline.simulator.reallm.AllReduce;
import io.plumbline.trace.model.ModelSpec;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReallmSpecTest {
  private static final ReallmSpec OF_LIBRARY = ReallmSpec.defaults();
  private static final ReallmSpec OF_ROOFLINE =
      new ReallmSpec(Method.ROOFLINE, "none", "GA100", AllReduce.MULTISHOT, 1, 1, 0);

  private static Deployment deployment(int tensor, int pipeline) {
    return new Deployment(
        new ModelSpec(
            "tiny", 6, 4, 2, 8, 32, 64, 100, 4096, true, true, false, false, false, 10000, 1e-5),
        new DeviceSku("device", 80L << 30, 1e15, 1e12, 0),
        new NodeSku("node", 8, 8, 1e9, 0, null, 1e9, 0),
        new Parallelism(tensor, pipeline),
        DataType.FLOAT16);
  }

  /** A row of each kind, which is never the shape that is asked for. */
  private static OperatorProfile library() {
    Map<Operator, Samples> samples = new LinkedHashMap<>();
    for (ReallmOperator operator : ReallmOperator.values()) {
      double[][] shape = new double[operator.kind().dimensions()][];
      for (int i = 0; i < shape.length; i++) {
        shape[i] = new double[] {7 + 2 * i};
      }
      double seconds = operator == ReallmOperator.MATMUL ? 2e-5 : 1e-5;
      samples.put(operator, new Samples(shape, new double[] {seconds}));
    }
    return new OperatorProfile(samples);
  }

  private static double seconds(ReallmSpec spec, Deployment deployment) {
    return spec.create(
            deployment,
            new TableLimits(64, 8, 64),
            (query, any) -> library(),
            Compatibility.STANDARD)
        .modelSeconds(Batch.ofDecodes(2, 31), 0);
  }

  @Test
  void anIterationIsTheSumOfItsKernels() {
    // 6 products and 2 for each decode, 2 norms, mul, silu, and a softmax for each decode.
    assertThat(seconds(OF_LIBRARY, deployment(1, 1)))
        .isCloseTo(6 * (10 * 3e-5 + 6 * 1.3e-5), within(1e-15));
  }

  @Test
  void aStageHasItsShareOfTheLayers() {
    assertThat(seconds(OF_LIBRARY, deployment(1, 2)))
        .isCloseTo(3 * (10 * 3e-5 + 6 * 1.3e-5), within(1e-15));
  }

  @Test
  void devicesReduceTwiceInEachLayer() {
    // Two tokens of 32 numbers of 2 bytes.
    double reduce = 2 * (0.92e-6 + 128 / 450e9);
    assertThat(seconds(OF_LIBRARY, deployment(2, 1)))
        .isCloseTo(6 * (10 * 3e-5 + 6 * 1.3e-5 + 2 * reduce), within(1e-15));
  }

  @Test
  void aRooflineNeedsNoLibrary() {
    assertThat(OF_ROOFLINE.profileQuery()).isNull();
    assertThat(seconds(OF_ROOFLINE, deployment(1, 1))).isPositive().isLessThan(1e-5);
  }

  @Test
  void whatReallmDoesNotKnowIsRefused() {
    ReallmSpec shared = new ReallmSpec(Method.ROOFLINE, "none", "GA100", AllReduce.RING, 1, 8, 0);
    assertThatThrownBy(() -> shared.requireSupports(deployment(1, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a model without experts cannot have ep8");
    ReallmSpec nowhere = new ReallmSpec(Method.ROOFLINE, "none", null, AllReduce.RING, 1, 1, 0);
    assertThatThrownBy(() -> nowhere.requireSupports(deployment(1, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("there is no hardware description device");
  }
}
