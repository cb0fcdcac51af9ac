package io.plumbline.reference.djl;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import io.plumbline.reference.profiling.OperatorNanos;
import io.plumbline.reference.profiling.ProfiledOperator;
import io.plumbline.reference.serving.Batch;
import io.plumbline.reference.serving.KvCacheSpec;
import io.plumbline.reference.serving.SarathiSpec;
import io.plumbline.reference.serving.ServingPlan;
import io.plumbline.trace.model.ModelSpec;
import io.plumbline.trace.workload.Request;
import io.plumbline.trace.workload.Workload;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TimedForwardTest {
  private static NDManager manager;

  @BeforeAll
  static void open() {
    manager = Engine.getEngine(DjlEngine.ENGINE).newBaseManager(Device.cpu());
  }

  @AfterAll
  static void close() {
    manager.close();
  }

  static Stream<ModelSpec> models() {
    return Stream.of(Shapes.LLAMA, Shapes.QWEN2, Shapes.QWEN3, Shapes.GELU);
  }

  private static ServingPlan plan(ModelSpec model) {
    return ServingPlan.of(
        model,
        new Workload(List.of(new Request(0, 0, 30, 2), new Request(1, 0, 30, 2))),
        new SarathiSpec(64, 2),
        KvCacheSpec.defaults());
  }

  private static TorchScriptDecoder decoder(ServingPlan plan) {
    return new TorchScriptDecoder(
        manager,
        plan.model(),
        new RandomWeights(7),
        plan.slots(),
        plan.maxContextTokens(),
        Dtype.FLOAT32,
        BatchLayout::separate);
  }

  /** A profile of another computation would be of no use. */
  @ParameterizedTest
  @MethodSource("models")
  void itComputesWhatTheEngineComputes(ModelSpec model) {
    ServingPlan plan = plan(model);
    TorchScriptDecoder decoder = decoder(plan);
    for (Batch batch :
        List.of(
            Batch.ofEqual(plan, 1, 9, 0),
            Batch.ofEqual(plan, 1, 5, 9),
            Batch.ofEqual(plan, 2, 1, 14))) {
      decoder.prepare(batch);
      decoder.forward();
      float[] expected = decoder.logits();
      decoder.operatorNanos();
      assertThat(decoder.logits()).isEqualTo(expected).hasSizeGreaterThan(60);
      // And again: the batch is still prepared.
      decoder.operatorNanos();
      assertThat(decoder.logits()).isEqualTo(expected);
    }
    decoder.close();
  }

  @Test
  void everyOperatorTakesTimeAndAllOfThemNoMoreThanTheCall() {
    ServingPlan plan = plan(Shapes.QWEN3);
    TorchScriptDecoder decoder = decoder(plan);
    decoder.prepare(Batch.ofEqual(plan, 1, 16, 0));
    decoder.operatorNanos();
    long start = System.nanoTime();
    OperatorNanos nanos = decoder.operatorNanos();
    long call = System.nanoTime() - start;
    long sum = 0;
    for (ProfiledOperator operator : ProfiledOperator.values()) {
      assertThat(nanos.of(operator)).as(operator.name()).isPositive();
      sum += nanos.of(operator) * (operator.inEveryLayer() ? 2 : 1);
    }
    assertThat(sum).isBetween(call / 100, call);
    decoder.close();
  }

  @Test
  void timedForwardsLeaveNoArrayBehind() {
    ServingPlan plan = plan(Shapes.LLAMA);
    TorchScriptDecoder decoder = decoder(plan);
    int before = decoder.managedArrays();
    decoder.prepare(Batch.ofEqual(plan, 1, 8, 0));
    for (int i = 0; i < 10; i++) {
      decoder.operatorNanos();
    }
    assertThat(decoder.managedArrays()).isEqualTo(before);
    decoder.close();
  }

  @Test
  void severalCallsBetweenTwoStampsAreAsManyCallsInTheSource() {
    String once = DecoderScript.timed(Shapes.LLAMA, 1, false);
    String often = DecoderScript.timed(Shapes.LLAMA, 8, true);
    assertThat(once.split("torch.silu", -1)).hasSize(1 + 1);
    assertThat(often.split("torch.silu", -1)).hasSize(8 + 1);
    assertThat(once).doesNotContain("int(torch.select");
    // A stamp at the start, after the embedding, after 12 operators of the block, after the head.
    assertThat(often.split("int\\(torch.select", -1)).hasSize(15 + 1);
    assertThat(DecoderScript.timedOperators(Shapes.LLAMA)).hasSize(1 + 2 * 12 + 1);
    try (TorchScriptModule module = TorchScriptModule.compile(often, Device.cpu())) {
      assertThat(module).isNotNull();
    }
  }
}
