package io.plumbline.simulator;

import static io.plumbline.simulator.Scenario.arriving;
import static io.plumbline.simulator.Scenario.at;
import static io.plumbline.simulator.Scenario.atOnce;
import static io.plumbline.simulator.Scenario.tokens;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.simulator.batching.PrefillPoolSpec;
import io.plumbline.simulator.batching.PrefillPoolSpec.Mode;
import io.plumbline.trace.workload.Workload;
import org.junit.jupiter.api.Test;

/** The rules of ReaLLM's schedulers on cases small enough to work out by hand. */
class PrefillPoolSchedulingTest {
  /** 10 ms and 1 ms a token: the second comes while the first decodes. */
  private static final Workload TWO = arriving(at(0, 10, 4), at(25, 20, 2));

  private static Scenario batching(Mode mode, Integer chunkTokens) {
    return Scenario.with(new PrefillPoolSpec(mode, chunkTokens, 8));
  }

  @Test
  void continuousRunsPromptsAloneAndDecodesOtherwise() {
    assertThat(batching(Mode.CONTINUOUS, null).batches(TWO))
        .containsExactly("p0:10", "d0", "p1:20", "d0 d1", "d0");
  }

  @Test
  void mixedRunsThePoolBesideDecodes() {
    assertThat(batching(Mode.MIXED, null).batches(TWO))
        .containsExactly("p0:10", "d0", "p1:20 d0", "d1 d0");
  }

  @Test
  void aChunkCountsPromptTokensAlone() {
    assertThat(batching(Mode.CHUNKED_MIXED, 8).batches(TWO))
        .containsExactly("p0:8", "p0:2", "p1:8 d0", "p1:8 d0", "p1:4 d0", "d1");
  }

  @Test
  void aChunkReachesOverPrompts() {
    assertThat(batching(Mode.CHUNKED_MIXED, 8).batches(atOnce(tokens(5, 2), tokens(6, 1))))
        .containsExactly("p0:5 p1:3", "p1:3 d0");
  }

  @Test
  void nobodyJoinsAPoolThatIsNotDone() {
    Workload three = arriving(at(0, 20, 1), at(1, 4, 1), at(30, 4, 1));
    assertThat(batching(Mode.CHUNKED_MIXED, 8).batches(three))
        .containsExactly("p0:8", "p0:8", "p0:4", "p1:4 p2:4");
  }

  @Test
  void withoutBatchingRequestsWaitForTheLastOfTheBatchBefore() {
    Workload three = arriving(at(0, 10, 3), at(25, 20, 2), at(26, 5, 1));
    assertThat(batching(Mode.NONE, null).batches(three))
        .containsExactly("p0:10", "d0", "d0", "p1:20 p2:5", "d1");
  }

  @Test
  void aPromptWaitsForItsBlocks() {
    // Four blocks of four: the second has no room beside the first.
    assertThat(
            batching(Mode.CONTINUOUS, null)
                .cache(4, 4)
                .batches(atOnce(tokens(8, 3), tokens(12, 1))))
        .containsExactly("p0:8", "d0", "d0", "p1:12");
  }

  @Test
  void aDecodeWithoutRoomSendsTheLastOneBack() {
    // Each prompt fills its blocks, so that two blocks are wanted and none is free.
    assertThat(
            batching(Mode.CONTINUOUS, null).cache(4, 4).batches(atOnce(tokens(8, 2), tokens(8, 2))))
        .containsExactly("p0:8 p1:8", "d0", "p1:9");
  }

  @Test
  void chunksBelongToOneModeAlone() {
    assertThatThrownBy(() -> new PrefillPoolSpec(Mode.MIXED, 512, 8))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("chunkTokens (512) belongs to mode: chunked_mixed");
    assertThatThrownBy(() -> new PrefillPoolSpec(Mode.CHUNKED_MIXED, null, 8))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
