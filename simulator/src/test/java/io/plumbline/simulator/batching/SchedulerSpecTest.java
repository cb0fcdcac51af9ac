package io.plumbline.simulator.batching;

import static io.plumbline.simulator.engine.Compatibility.STANDARD;
import static io.plumbline.simulator.engine.Compatibility.VIDUR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.kvcache.KvCacheSize;
import io.plumbline.trace.workload.Request;
import org.junit.jupiter.api.Test;

class SchedulerSpecTest {

  @Test
  void impossibleLimitsAreRefused() {
    assertThatThrownBy(() -> new SarathiSpec(0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("tokenBudget (0) must be positive");
    assertThatThrownBy(() -> new SarathiSpec(1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("maxBatchSize (0) must be positive");
    assertThatThrownBy(() -> new VllmSpec(-1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("tokenBudget (-1) must be positive");
    assertThatThrownBy(() -> new VllmSpec(1, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("maxBatchSize (-1) must be positive");
  }

  @Test
  void aBatchOnEveryStageNeedsARequestEach() {
    KvCacheSize kv = new KvCacheSize(10, 16, 0);
    assertThatThrownBy(() -> new VllmSpec(8, 1).create(kv, new ReplicaLimits(2, 160, 1), STANDARD))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("maxBatchSize (1) must be at least the pipeline stages (2)");
  }

  @Test
  void theLargestBatchIsABudgetAndForSarathiItsDecodesBesides() {
    assertThat(new SarathiSpec(512, 128).maxBatchTokens()).isEqualTo(640);
    assertThat(new VllmSpec(4096, 128).maxBatchTokens()).isEqualTo(4096);
    assertThat(new VllmSpec(64, 128).maxBatchTokens()).isEqualTo(128);
  }

  @Test
  void vidurMakesLongTablesForOrcaAlone() {
    assertThat(OrcaSpec.defaults().vidurTablesHoldWholeBatches()).isTrue();
    assertThat(FasterTransformerSpec.defaults().vidurTablesHoldWholeBatches()).isFalse();
    assertThat(SarathiSpec.defaults().vidurTablesHoldWholeBatches()).isFalse();
  }

  /**
   * Two batches that come back before the next is formed: a half-done prefill and two decodes meet
   * at a limit of two per batch.
   */
  private static Batch batchAfterAPrefillAndTwoDecodesCameBack(Compatibility compatibility) {
    ReplicaScheduler scheduler =
        new SarathiSpec(8, 4)
            .create(new KvCacheSize(100, 16, 0), new ReplicaLimits(2, 64, 25), compatibility);
    int[] prompts = {20, 2, 2};
    for (int id = 0; id < prompts.length; id++) {
      scheduler.enqueue(new RequestProgress(new Request(id, 0, prompts[id], 9), 0));
    }
    Batch longPrompt = scheduler.nextBatch(); // 8 of 20 tokens fill the budget
    Batch shortPrompts = scheduler.nextBatch();
    for (Batch batch : new Batch[] {longPrompt, shortPrompts}) {
      for (int i = 0; i < batch.size(); i++) {
        batch.request(i).batchEnded(batch.tokens(i), 1);
      }
      scheduler.batchEnded(batch);
    }
    return scheduler.nextBatch();
  }

  @Test
  void runningPrefillsKeepTheMicroBatchLimit() {
    Batch batch = batchAfterAPrefillAndTwoDecodesCameBack(STANDARD);
    assertThat(batch.size()).isEqualTo(2);
    assertThat(batch.prefillTokens()).isZero();
  }

  @Test
  void runningPrefillsPassTheMicroBatchLimitOverInVidur() {
    Batch batch = batchAfterAPrefillAndTwoDecodesCameBack(VIDUR);
    assertThat(batch.size()).isEqualTo(3);
    assertThat(batch.prefillTokens()).isEqualTo(6); // budget 8, two for the decodes
  }
}
