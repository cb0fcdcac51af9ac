package io.plumbline.simulator.latency;

import static io.plumbline.simulator.engine.Compatibility.STANDARD;
import static io.plumbline.simulator.engine.Compatibility.VIDUR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.plumbline.simulator.batching.Batch;
import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.trace.model.ModelSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Operators take 1, 2, 3 … ms in the order of {@link #IN_MS}: pre 1, post 2, rope 3, KV save 4, up
 * 5, down 6, activation 7, input norm 8, post norm 9, add 10, all-reduce 11, send 12.
 */
class BlockCompositionTest {
  private static final List<TokenOperator> IN_MS =
      List.of(
          TokenOperator.ATTN_PRE_PROJ,
          TokenOperator.ATTN_POST_PROJ,
          TokenOperator.ATTN_ROPE,
          TokenOperator.ATTN_KV_CACHE_SAVE,
          TokenOperator.MLP_UP_PROJ,
          TokenOperator.MLP_DOWN_PROJ,
          TokenOperator.MLP_ACT,
          TokenOperator.INPUT_LAYERNORM,
          TokenOperator.POST_ATTENTION_LAYERNORM,
          TokenOperator.ADD,
          TokenOperator.ALL_REDUCE,
          TokenOperator.SEND_RECV);

  /** Launch 0.5 ms, skew 0.25 ms per device. */
  private static final ProfiledSpec SPEC = profiled(HostOverhead.NONE);

  private static ProfiledSpec profiled(HostOverhead hostOverhead) {
    return new ProfiledSpec("none", null, null, 64, 8, 0.1, 0.2, 0.5, 0.25, hostOverhead);
  }

  private static final int GROUPED = 2;
  private static final int UNGROUPED = 4;

  private final List<String> asked = new ArrayList<>();

  private final OperatorTimes times =
      new OperatorTimes() {
        @Override
        public double tokenOperatorMs(TokenOperator operator, int tokens) {
          asked.add(operator + "@" + tokens);
          return IN_MS.indexOf(operator) + 1;
        }

        @Override
        public double decodeAttentionMs(int batchSize, int kvTokens) {
          return 1000 * batchSize + kvTokens;
        }

        @Override
        public double prefillAttentionMs(int kvTokens, int chunkTokens) {
          return 10_000 + 10 * kvTokens + chunkTokens;
        }

        @Override
        public double hostOperatorMs(HostOperator operator, int batchSize) {
          return (operator.ordinal() + 1) * 100 + batchSize;
        }

        @Override
        public double afterPauseMs(int tokens) {
          return 10 * tokens;
        }
      };

  private double stageMs(Deployment deployment, Batch batch, int stage) {
    return new BlockComposition(deployment, SPEC, times, STANDARD).modelSeconds(batch, stage) * 1e3;
  }

  /** On one device, without what attention itself takes. */
  private double attentionMs(int kvHeads, Batch batch) {
    // attention 1 + 2 + 3 + 4 + 8 = 18, MLP 5 + 6 + 7 + 9 = 27, add 10; four layers.
    return stageMs(Batches.tiny(kvHeads, 1, 1, 8), batch, 0) / 4 - 55;
  }

  @Test
  void aBlockIsTheSumOfItsOperators() {
    // 55 + 10 000 + 20 per layer, four layers.
    assertThat(stageMs(Batches.tiny(GROUPED, 1, 1, 8), Batches.prefills(20), 0))
        .isCloseTo(4 * 10_075, within(1e-6));
  }

  @Test
  void tokensAreRoundedUpToEightExceptForTheKvSave() {
    stageMs(Batches.tiny(GROUPED, 1, 1, 8), Batches.prefills(20), 0);
    assertThat(asked).contains("MLP_UP_PROJ@24", "ATTN_KV_CACHE_SAVE@20", "ADD@24");
    assertThat(asked).filteredOn(a -> a.endsWith("@20")).hasSize(1);
    assertThat(asked).doesNotHaveDuplicates();
  }

  @Test
  void aProfileOfEveryNumberOfTokensIsAskedForTheNumberItself() {
    ProfiledSpec exact =
        new ProfiledSpec("none", null, null, 64, 1, 0.1, 0.2, 0.5, 0.25, HostOverhead.NONE);
    new BlockComposition(Batches.tiny(GROUPED, 1, 1, 8), exact, times, STANDARD)
        .modelSeconds(Batches.prefills(21), 0);
    assertThat(asked).contains("MLP_UP_PROJ@21", "ATTN_KV_CACHE_SAVE@21", "ADD@21");
    assertThat(asked).allMatch(a -> a.endsWith("@21"));
  }

  @Test
  void aModelWithoutPostAttentionNormDoesNotPayForIt() {
    Deployment tiny = Batches.tiny(GROUPED, 1, 1, 8);
    ModelSpec m = tiny.model();
    ModelSpec without =
        new ModelSpec(
            m.name(),
            m.layers(),
            m.queryHeads(),
            m.kvHeads(),
            m.headDim(),
            m.hiddenSize(),
            m.mlpHiddenSize(),
            m.vocabularySize(),
            m.maxPositions(),
            true,
            false,
            false,
            false,
            false,
            10000,
            1e-5);
    Deployment plain =
        new Deployment(without, tiny.device(), tiny.node(), tiny.parallelism(), tiny.dtype());
    assertThat(stageMs(plain, Batches.prefills(20), 0)).isCloseTo(4 * (10_075 - 9), within(1e-6));
  }

  @Test
  void tensorParallelismAddsTwoAllReducesPerBlock() {
    // Each 11 + 0.5 + 0.25 * 2^1.25 ms; 2^1.25 = 2.378414230005442.
    double allReduce = 11.5 + 0.25 * 2.378414230005442;
    assertThat(stageMs(Batches.tiny(GROUPED, 2, 1, 8), Batches.prefills(20), 0))
        .isCloseTo(4 * (10_075 + 2 * allReduce), within(1e-6));
  }

  @Test
  void everyStageButTheLastSendsOnce() {
    Deployment twoStages = Batches.tiny(GROUPED, 1, 2, 8);
    // Two layers a stage, and 12 ms for the transfer.
    assertThat(stageMs(twoStages, Batches.prefills(20), 0)).isCloseTo(20_162, within(1e-6));
    assertThat(stageMs(twoStages, Batches.prefills(20), 1)).isCloseTo(20_150, within(1e-6));
  }

  /** What the host adds to a batch of two on a stage of two. */
  private double hostMs(Compatibility compatibility, int stage) {
    Deployment twoStages = Batches.tiny(GROUPED, 1, 2, 8);
    Batch batch = Batches.prefills(20, 20);
    return new BlockComposition(twoStages, profiled(HostOverhead.PROFILED), times, compatibility)
            .hostSeconds(batch, stage)
        * 1e3;
  }

  @Test
  void theHostTakesItsTimeOncePerIteration() {
    // 102 + 202 + 302 + 402 + 502.
    assertThat(hostMs(STANDARD, 0)).isCloseTo(1510, within(1e-6));
    assertThat(hostMs(STANDARD, 1)).isZero();
  }

  @Test
  void anIterationAfterAPauseTakesLonger() {
    Deployment twoStages = Batches.tiny(GROUPED, 1, 2, 8);
    BlockComposition measured =
        new BlockComposition(twoStages, profiled(HostOverhead.PROFILED), times, STANDARD);
    Batch batch = Batches.prefills(20);
    double first = measured.modelSeconds(batch, 0);
    double second = measured.modelSeconds(batch, 1);
    // 20 tokens, 200 ms after 0.1 s and more.
    batch.startsAfterPause(0.025);
    assertThat(measured.modelSeconds(batch, 0) - first).isCloseTo(0.05, within(1e-9));
    batch.startsAfterPause(3);
    assertThat(measured.modelSeconds(batch, 0) - first).isCloseTo(0.2, within(1e-9));
    assertThat(measured.modelSeconds(batch, 1)).isEqualTo(second);
    Map<String, Double> operators = new HashMap<>();
    measured.operators(batch, 0, (name, callMs, calls) -> operators.put(name, callMs * calls));
    assertThat(operators).containsEntry("after_pause", 200.0);
    // Where the host does not count, pauses do not either.
    assertThat(stageMs(twoStages, batch, 0)).isCloseTo(first * 1e3, within(1e-6));
  }

  @Test
  void theHostTakesItsTimeOnEveryStageInVidur() {
    assertThat(hostMs(VIDUR, 0)).isCloseTo(1510, within(1e-6));
    assertThat(hostMs(VIDUR, 1)).isCloseTo(1510, within(1e-6));
  }

  @Test
  void oneDecodeReadsItsContextRoundedUp() {
    assertThat(attentionMs(GROUPED, Batches.decodes(65))).isCloseTo(1000 + 128, within(1e-6));
    assertThat(attentionMs(GROUPED, Batches.decodes(64))).isCloseTo(1000 + 64, within(1e-6));
  }

  @Test
  void severalDecodesReadTheirMeanContextAndPayForBatchingWithGroupedHeads() {
    // Mean of 65 and 100 is 82.5, floored 82, rounded up 128; a tenth more with grouped heads.
    assertThat(attentionMs(GROUPED, Batches.decodes(65, 100))).isCloseTo(2128 * 1.1, within(1e-6));
    assertThat(attentionMs(UNGROUPED, Batches.decodes(65, 100))).isCloseTo(2128, within(1e-6));
  }

  @Test
  void theMeanContextIsFlooredBeforeItIsRoundedUp() {
    // 64.5 becomes 64, not 128.
    assertThat(attentionMs(UNGROUPED, Batches.decodes(64, 65))).isCloseTo(2064, within(1e-6));
  }

  @Test
  void severalPrefillsCountAsOneOfTheSameSummedSquare() {
    // sqrt(30^2 + 40^2) = 50; a fifth more with grouped heads.
    assertThat(attentionMs(GROUPED, Batches.prefills(30, 40)))
        .isCloseTo(10_050 * 1.2, within(1e-6));
    assertThat(attentionMs(UNGROUPED, Batches.prefills(30, 40))).isCloseTo(10_050, within(1e-6));
  }

  @Test
  void aLaterChunkReadsTheContextBeforeItRoundedUp() {
    // 100 done, 50 left: context 128, chunk 50.
    assertThat(attentionMs(GROUPED, Batches.secondChunk(150, 100)))
        .isCloseTo(10_000 + 1280 + 50, within(1e-6));
  }

  @Test
  void decodesAndPrefillsOfOneBatchAdd() {
    Batch batch = Batches.mixed(new int[] {65}, new int[] {30});
    assertThat(attentionMs(GROUPED, batch)).isCloseTo(1128 + 10_030, within(1e-6));
  }

  /** Stage 0 of two, of two devices each, with the host: everything that there is. */
  private Map<String, Double> operators(Compatibility compatibility) {
    Map<String, Double> totalMs = new HashMap<>();
    new BlockComposition(
            Batches.tiny(GROUPED, 2, 2, 8), profiled(HostOverhead.PROFILED), times, compatibility)
        .operators(
            Batches.mixed(new int[] {10, 20}, new int[] {30}),
            0,
            (name, callMs, calls) -> totalMs.merge(name, callMs * calls, Double::sum));
    return totalMs;
  }

  @Test
  void operatorsAddUpToTheTimeOfTheStage() {
    Deployment deployment = Batches.tiny(GROUPED, 2, 2, 8);
    Batch batch = Batches.mixed(new int[] {10, 20}, new int[] {30});
    BlockComposition predictor =
        new BlockComposition(deployment, profiled(HostOverhead.PROFILED), times, STANDARD);
    double seconds = predictor.modelSeconds(batch, 0) + predictor.hostSeconds(batch, 0);
    Map<String, Double> operators = operators(STANDARD);
    assertThat(operators).hasSize(19);
    assertThat(operators.values().stream().mapToDouble(ms -> ms).sum())
        .isCloseTo(seconds * 1e3, within(1e-6));
  }

  @Test
  void oneAddPerLayerIsTold() {
    // 10 ms in each of the two layers of the stage.
    assertThat(operators(STANDARD).get("add")).isEqualTo(20);
  }

  @Test
  void twoAddsPerLayerAreToldInVidur() {
    assertThat(operators(VIDUR).get("add")).isEqualTo(40);
  }
}
