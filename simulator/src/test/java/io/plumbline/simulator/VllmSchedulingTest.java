package io.plumbline.simulator;

import static io.plumbline.simulator.Scenario.arriving;
import static io.plumbline.simulator.Scenario.at;
import static io.plumbline.simulator.Scenario.atOnce;
import static io.plumbline.simulator.Scenario.tokens;
import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.simulator.batching.VllmSpec;
import io.plumbline.trace.run.RequestTiming;
import io.plumbline.trace.workload.Workload;
import org.junit.jupiter.api.Test;

/** The rules of vLLM as of 2023 on cases small enough to work out by hand. */
class VllmSchedulingTest {

  private static Scenario vllm(int tokenBudget, int maxBatchSize) {
    return Scenario.with(new VllmSpec(tokenBudget, maxBatchSize));
  }

  @Test
  void prefillsWinOverDecodes() {
    Workload two = arriving(at(0, 10, 3), at(5, 20, 2));
    assertThat(vllm(100, 128).batches(two)).containsExactly("p0:10", "p1:20", "d0 d1", "d0");
    RequestTiming first = vllm(100, 128).run(two).requests().get(0);
    // 20 ms, then 30 ms in which it stalls, 12 ms, 11 ms.
    assertThat(first.firstTokenNanos()).isEqualTo(20_000_000L);
    assertThat(first.endNanos()).isEqualTo(73_000_000L);
  }

  @Test
  void promptsAreNotCut() {
    assertThat(vllm(4096, 128).batches(atOnce(tokens(1000, 1)))).containsExactly("p0:1000");
  }

  @Test
  void theBudgetCountsTokensAsPadded() {
    // 40 + 30 are 2 * 40 = 80 padded tokens; a third prompt makes 120, though 90 are real.
    assertThat(vllm(100, 128).batches(atOnce(tokens(40, 1), tokens(30, 1), tokens(20, 1))))
        .containsExactly("p0:40 p1:30", "p2:20");
    // The longest may come last: 2 * 60 > 100.
    assertThat(vllm(100, 128).batches(atOnce(tokens(30, 1), tokens(60, 1))))
        .containsExactly("p0:30", "p1:60");
  }

  @Test
  void whenKvCacheIsFull_theNewestRequestIsPreemptedAndItsOutputIsKept() {
    // Four blocks of four tokens, two prompts of 7: full. The first decodes have room in the second
    // blocks; then 0 needs a third and 1 restarts with prompt 9, for which two blocks are too few.
    Workload two = atOnce(tokens(7, 4), tokens(7, 4));
    Scenario scenario = vllm(100, 128).cache(4, 4);
    assertThat(scenario.batches(two))
        .containsExactly("p0:7 p1:7", "d0 d1", "d0", "d0", "p1:9", "d1");
    RequestTiming newest = scenario.run(two).requests().get(1);
    assertThat(newest.preemptions()).isEqualTo(1);
    assertThat(newest.producedTokens()).isEqualTo(4);
  }

  @Test
  void admissionLeavesTheWatermarkFree() {
    Workload three = atOnce(tokens(16, 1), tokens(16, 1), tokens(4, 1));
    assertThat(vllm(100, 128).cache(10, 4).watermark(0.2).batches(three))
        .containsExactly("p0:16 p1:16", "p2:4");
    assertThat(vllm(100, 128).cache(10, 4).batches(three)).containsExactly("p0:16 p1:16 p2:4");
  }

  @Test
  void noMoreRequestsAreInFlightThanTheBatchSizeAllows() {
    assertThat(vllm(100, 2).batches(atOnce(tokens(4, 2), tokens(4, 2), tokens(4, 2))))
        .containsExactly("p0:4 p1:4", "d0 d1", "p2:4", "d2");
  }
}
