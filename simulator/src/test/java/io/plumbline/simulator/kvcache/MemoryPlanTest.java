package io.plumbline.simulator.kvcache;

import static io.plumbline.simulator.engine.Compatibility.STANDARD;
import static io.plumbline.simulator.engine.Compatibility.VIDUR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.simulator.hardware.DataType;
import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.simulator.hardware.DeviceSku;
import io.plumbline.simulator.hardware.NodeSku;
import io.plumbline.simulator.hardware.Parallelism;
import io.plumbline.trace.model.ModelSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemoryPlanTest {
  private static final DeviceSku A100 = new DeviceSku("a100-80gb", 80L << 30, 312e12, 2e12, 0);
  private static final DeviceSku TINY_DEVICE = new DeviceSku("small", 1_000_000, 1, 1, 0);
  private static final NodeSku NODE = new NodeSku("node", 8, 8, 1, 0, null, 1, 0);

  private static ModelSpec model(
      String name,
      int layers,
      int queryHeads,
      int kvHeads,
      int hidden,
      int mlp,
      int vocabulary,
      boolean tied) {
    return new ModelSpec(
        name,
        layers,
        queryHeads,
        kvHeads,
        hidden / queryHeads,
        hidden,
        mlp,
        vocabulary,
        4096,
        true,
        true,
        tied,
        false,
        false,
        10000,
        1e-5);
  }

  private static ModelSpec llama70b() {
    return model("meta-llama/Llama-2-70b-hf", 80, 64, 8, 8192, 28672, 32768, false);
  }

  private static ModelSpec tiny(boolean tied) {
    return model("tiny", 4, 4, 2, 32, 64, 100, tied);
  }

  private static Deployment on(DeviceSku device, ModelSpec model, int tensor, int pipeline) {
    return new Deployment(model, device, NODE, new Parallelism(tensor, pipeline), DataType.FLOAT16);
  }

  private static KvCacheSpec margin(double fraction) {
    return new KvCacheSpec(16, null, fraction, 0.0, null);
  }

  /** Values that the original computes for an A100 with 80 GiB at tensor degree 2. */
  @ParameterizedTest
  @CsvSource({
    // Weights 2 * 80 * (75 497 472 + 352 321 536) = 68 451 041 280 bytes of 77 309 411 328;
    // 671 088 640 bytes of KV per request of 4096 tokens: 13.2. Blocks: 13 * 256.
    "80, 28672, 32768, 1, 13, 3328",
    "48, 22016, 32768, 1, 109, 27904",
    // Two stages hold half the weights each, and the slots count twice: 150 * 256 * 2.
    "48, 22016, 32768, 2, 150, 76800",
    "80, 28672, 128256, 4, 89, 91136",
  })
  void vidursPlanIsTheOriginals(
      int layers, int mlp, int vocabulary, int pipeline, int requests, int blocks) {
    ModelSpec model = model("m", layers, 64, 8, 8192, mlp, vocabulary, false);
    assertThat(MemoryPlan.of(on(A100, model, 2, pipeline), margin(0.1), 4096, VIDUR))
        .isEqualTo(new MemoryPlan(blocks, requests));
  }

  @Test
  void theStandardPlanTurnsEveryFreeByteIntoBlocks() {
    // A layer has 32*8*(4+2*2) + 32*8*4 + 3*32*64 = 9216 weights; 4 layers 36 864.
    // Embedding and LM head 2 * 100 * 32 = 6400. Bytes: 2 * 43 264 = 86 528 of 500 000.
    // A token has 2 (K, V) * 2 bytes * 8 * 2 heads * 4 layers = 256 bytes, a block 4096.
    // (500 000 - 86 528) / 4096 = 100.9. A request of 100 tokens takes 7 blocks: 100 / 7 = 14.
    assertThat(MemoryPlan.of(on(TINY_DEVICE, tiny(false), 1, 1), margin(0.5), 100, STANDARD))
        .isEqualTo(new MemoryPlan(100, 14));
  }

  @Test
  void vidursPlanLeavesOutEmbeddingsAndRoundsDownToWholeRequests() {
    // (500 000 - 73 728) / (256 * 100) = 16.7 requests; 100 / 16 = 6 blocks each, not 7.
    assertThat(MemoryPlan.of(on(TINY_DEVICE, tiny(false), 1, 1), margin(0.5), 100, VIDUR))
        .isEqualTo(new MemoryPlan(96, 16));
  }

  @Test
  void tiedEmbeddingsAreHeldOnceInTheStandardPlan() {
    // 2 * (36 864 + 3200) = 80 128 bytes; (500 000 - 80 128) / 4096 = 102.5.
    assertThat(MemoryPlan.of(on(TINY_DEVICE, tiny(true), 1, 1), margin(0.5), 100, STANDARD))
        .isEqualTo(new MemoryPlan(102, 14));
  }

  @Test
  void aPipelineStageHoldsItsLayersAndOneTable() {
    // 2 * (2 * 9216 + 3200) = 43 264 bytes; a token has 128 bytes on a stage, a block 2048.
    // (500 000 - 43 264) / 2048 = 223.02; 223 / 7 = 31.
    assertThat(MemoryPlan.of(on(TINY_DEVICE, tiny(false), 1, 2), margin(0.5), 100, STANDARD))
        .isEqualTo(new MemoryPlan(223, 31));
  }

  @Test
  void tensorParallelismHalvesWeightsAndKeysAndValues() {
    // 2 * (4 * 4608 + 2 * 1600) = 43 264 bytes, as with two stages; a token 128 bytes.
    assertThat(MemoryPlan.of(on(TINY_DEVICE, tiny(false), 2, 1), margin(0.5), 100, STANDARD))
        .isEqualTo(new MemoryPlan(223, 31));
  }

  @Test
  void thirtyTwoBitsTakeTwiceTheMemoryButVidursPlanKnowsSixteenOnly() {
    Deployment deployment =
        new Deployment(tiny(false), TINY_DEVICE, NODE, new Parallelism(1, 1), DataType.FLOAT32);
    // 4 * 43 264 = 173 056 bytes; a token has 512 bytes, a block 8192.
    // (500 000 - 173 056) / 8192 = 39.9; 39 / 7 = 5.
    assertThat(MemoryPlan.of(deployment, margin(0.5), 100, STANDARD))
        .isEqualTo(new MemoryPlan(39, 5));
    assertThat(MemoryPlan.of(deployment, margin(0.5), 100, VIDUR))
        .isEqualTo(new MemoryPlan(96, 16));
  }

  @Test
  void theStandardPlanDoesNotDependOnTheLongestRequest() {
    Deployment deployment = on(TINY_DEVICE, tiny(false), 1, 1);
    assertThat(MemoryPlan.of(deployment, margin(0.5), 1000, STANDARD).blocks()).isEqualTo(100);
    // Vidur's does: (500 000 - 73 728) / (256 * 1000) = 1.7, so 1 request of 62 blocks.
    assertThat(MemoryPlan.of(deployment, margin(0.5), 1000, VIDUR).blocks()).isEqualTo(62);
  }

  @Test
  void blocksThatAreGivenWin() {
    KvCacheSpec spec = new KvCacheSpec(16, 77, 0.5, 0.0, null);
    Deployment deployment = on(TINY_DEVICE, tiny(false), 1, 1);
    assertThat(MemoryPlan.of(deployment, spec, 100, STANDARD).blocks()).isEqualTo(77);
    assertThat(MemoryPlan.of(deployment, spec, 100, VIDUR).blocks()).isEqualTo(77);
  }

  @Test
  void aDeviceTooSmallForTheWeightsIsRefused() {
    // 2 * 80 * 855 638 016 = 136.9e9 bytes; embedding and LM head add 2 * 2 * 32768 * 8192.
    Deployment deployment = on(A100, llama70b(), 1, 1);
    String rest =
        " GB of weights per device leave no room for one request of 4096 tokens."
            + " Maybe raise the tensor or pipeline degree, or lower the memory margin.";
    assertThatThrownBy(() -> MemoryPlan.of(deployment, margin(0.1), 4096, VIDUR))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("meta-llama/Llama-2-70b-hf on a100-80gb: 136.9" + rest);
    assertThatThrownBy(() -> MemoryPlan.of(deployment, margin(0.1), 4096, STANDARD))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("meta-llama/Llama-2-70b-hf on a100-80gb: 138.0" + rest);
  }

  @Test
  void aDeviceThatHoldsTheWeightsButNotOneRequestIsRefused() {
    // 100 blocks hold 1600 tokens.
    Deployment deployment = on(TINY_DEVICE, tiny(false), 1, 1);
    assertThat(MemoryPlan.of(deployment, margin(0.5), 1600, STANDARD).maxWholeRequests())
        .isEqualTo(1);
    assertThatThrownBy(() -> MemoryPlan.of(deployment, margin(0.5), 1601, STANDARD))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("tiny on small: 0.0 GB of weights per device leave no room");
  }
}
