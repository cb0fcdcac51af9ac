package io.plumbline.simulator;

import static io.plumbline.simulator.Scenario.arriving;
import static io.plumbline.simulator.Scenario.at;
import static io.plumbline.simulator.Scenario.atOnce;
import static io.plumbline.simulator.Scenario.tokens;
import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.simulator.batching.SarathiSpec;
import io.plumbline.trace.run.RequestTiming;
import io.plumbline.trace.run.RunTrace;
import io.plumbline.trace.workload.Workload;
import org.junit.jupiter.api.Test;

/** Sarathi's rules on cases small enough to work out by hand. */
class SarathiSchedulingTest {

  private static Scenario sarathi(int tokenBudget, int maxBatchSize) {
    return Scenario.with(new SarathiSpec(tokenBudget, maxBatchSize));
  }

  @Test
  void aLongPromptIsPrefilledInChunksOfTheBudget() {
    Workload one = atOnce(tokens(1000, 3));
    assertThat(sarathi(512, 128).batches(one)).containsExactly("p0:512", "p0:488", "d0", "d0");
    RequestTiming timing = sarathi(512, 128).run(one).requests().get(0);
    assertThat(timing.scheduledNanos()).isZero();
    // 10 + 512 ms, then 10 + 488 ms; the first token comes with the last chunk.
    assertThat(timing.firstTokenNanos()).isEqualTo(1_020_000_000L);
    // Two decodes of 11 ms.
    assertThat(timing.endNanos()).isEqualTo(1_042_000_000L);
    assertThat(timing.tpotNanos()).isEqualTo(11e6);
  }

  @Test
  void decodesComeFirstAndPrefillsGetWhatTheyLeaveOfTheBudget() {
    // Request 1 comes at 5 ms, while the first batch runs until 20 ms.
    Workload two = arriving(at(0, 10, 5), at(5, 600, 3));
    assertThat(sarathi(512, 128).batches(two))
        .containsExactly("p0:10", "d0 p1:511", "d0 p1:89", "d0 d1", "d0 d1");
  }

  @Test
  void whatAFinishedPrefillLeavesOfTheBudgetGoesToTheNextRequest() {
    // Budget 100: 60 + 40 of 50, then the other 10; request 0 decodes once.
    assertThat(sarathi(100, 128).batches(atOnce(tokens(60, 2), tokens(50, 1))))
        .containsExactly("p0:60 p1:40", "d0 p1:10");
  }

  @Test
  void decodesAreNotLimitedByTheBudget() {
    // Budget 2: three one-token prompts take two batches; later three decodes share one.
    assertThat(sarathi(2, 128).batches(atOnce(tokens(1, 4), tokens(1, 4), tokens(1, 2))))
        .containsExactly("p0:1 p1:1", "d0 d1", "d0 d1", "d0 d1", "p2:1", "d2");
    assertThat(sarathi(3, 128).batches(atOnce(tokens(1, 3), tokens(1, 3), tokens(2, 2))))
        .containsExactly("p0:1 p1:1 p2:1", "d0 d1 p2:1", "d0 d1 d2");
    // With a budget of 3 the fourth decode is beyond it.
    assertThat(
            sarathi(3, 128).batches(atOnce(tokens(1, 4), tokens(1, 4), tokens(1, 4), tokens(1, 4))))
        .containsExactly(
            "p0:1 p1:1 p2:1", "d0 d1 d2", "d0 d1 d2", "d0 d1 d2", "p3:1", "d3", "d3", "d3");
  }

  @Test
  void whenKvCacheIsFull_theNewestRequestIsPreemptedAndItsOutputIsKept() {
    // Four blocks of four tokens. Prompts of 7 take two each: full. At context 8 both have room;
    // at 9 none is free, so 1 restarts with prompt 9 (three blocks) and 0 takes one of its two.
    // 0 runs to its end, then 1.
    Workload two = atOnce(tokens(7, 4), tokens(7, 4));
    Scenario scenario = sarathi(100, 128).cache(4, 4);
    assertThat(scenario.batches(two))
        .containsExactly("p0:7 p1:7", "d0 d1", "d0", "d0", "p1:9", "d1");
    RunTrace trace = scenario.run(two);
    assertThat(trace.requests().get(0).preemptions()).isZero();
    assertThat(trace.requests().get(0).endNanos()).isEqualTo(58_000_000L); // 24 + 12 + 11 + 11
    RequestTiming newest = trace.requests().get(1);
    assertThat(newest.preemptions()).isEqualTo(1);
    assertThat(newest.producedTokens()).isEqualTo(4);
    // One token per prefill and one per decode: at 24, 24 + 12, 58 + 19 and 77 + 11 ms.
    assertThat(trace.tokens().nanos(1, 0)).isEqualTo(24_000_000L);
    assertThat(trace.tokens().nanos(1, 1)).isEqualTo(36_000_000L);
    assertThat(trace.tokens().nanos(1, 2)).isEqualTo(77_000_000L);
    assertThat(trace.tokens().nanos(1, 3)).isEqualTo(88_000_000L);
    assertThat(newest.firstTokenNanos()).isEqualTo(24_000_000L);
  }

  @Test
  void ofSeveralRequestsTheNewestIsPreemptedAndRunsAgainBeforeThoseThatWait() {
    // Six blocks, three prompts of two: full, and 3 waits. At context 9, 0 needs a third block, so
    // 2 restarts with prompt 9, before 3; 0 and 1 share its blocks and run to their ends.
    Workload four = atOnce(tokens(7, 4), tokens(7, 4), tokens(7, 4), tokens(7, 4));
    assertThat(sarathi(100, 128).cache(6, 4).batches(four))
        .containsExactly(
            "p0:7 p1:7 p2:7", "d0 d1 d2", "d0 d1", "d0 d1", "p2:9 p3:7", "d2 d3", "d3", "d3");
  }

  @Test
  void admissionLeavesTheWatermarkFree() {
    // Ten blocks of four tokens, two of them the watermark: 4 + 4 leave two, one more is too many.
    Workload three = atOnce(tokens(16, 1), tokens(16, 1), tokens(4, 1));
    assertThat(sarathi(100, 128).cache(10, 4).watermark(0.2).batches(three))
        .containsExactly("p0:16 p1:16", "p2:4");
    assertThat(sarathi(100, 128).cache(10, 4).batches(three)).containsExactly("p0:16 p1:16 p2:4");
  }

  @Test
  void noMoreRequestsAreInFlightThanTheBatchSizeAllows() {
    assertThat(sarathi(100, 2).batches(atOnce(tokens(4, 2), tokens(4, 2), tokens(4, 2))))
        .containsExactly("p0:4 p1:4", "d0 d1", "p2:4", "d2");
  }

  @Test
  void requestsThatWaitAreNotOvertaken() {
    // Request 1 needs four blocks where three are free; request 2 would fit but stands behind it.
    Workload three = atOnce(tokens(8, 2), tokens(16, 1), tokens(4, 1));
    assertThat(sarathi(100, 128).cache(5, 4).batches(three))
        .containsExactly("p0:8", "d0", "p1:16 p2:4");
  }
}
