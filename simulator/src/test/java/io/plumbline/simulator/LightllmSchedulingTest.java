package io.plumbline.simulator;

import static io.plumbline.simulator.Scenario.arriving;
import static io.plumbline.simulator.Scenario.at;
import static io.plumbline.simulator.Scenario.atOnce;
import static io.plumbline.simulator.Scenario.tokens;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.simulator.batching.LightllmSpec;
import io.plumbline.trace.workload.Workload;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The rules of LightLLM on cases small enough to work out by hand. */
class LightllmSchedulingTest {

  private static Scenario lightllm(int tokenBudget, int maxBatchSize, int maxWaiting, int blocks) {
    return Scenario.with(new LightllmSpec(tokenBudget, maxBatchSize, maxWaiting)).cache(blocks, 1);
  }

  @Test
  void promptsWaitForSomeIterationsOfTheRunning() {
    // 1 arrives during p0, 2 during "d0 d1". Two decodes, then prompts have a turn; two more, then
    // again.
    Workload three = arriving(at(0, 10, 6), at(5, 10, 2), at(65, 10, 1));
    assertThat(lightllm(100, 8, 2, 1000).batches(three))
        .containsExactly("p0:10", "d0", "d0", "p1:10", "d0 d1", "d0", "p2:10", "d0");
  }

  @Test
  void promptsDoNotWaitWhereNothingRuns() {
    // Waits for one iteration before 1; a fresh start after 1 is done, so 2 waits for two again.
    Workload three = arriving(at(0, 4, 2), at(100, 4, 4), at(105, 4, 1));
    assertThat(lightllm(100, 8, 2, 1000).batches(three))
        .containsExactly("p0:4", "d0", "p1:4", "d1", "d1", "p2:4", "d1");
  }

  @Test
  void theBudgetCountsRealTokens() {
    assertThat(lightllm(15, 8, 2, 1000).batches(atOnce(tokens(10, 1), tokens(5, 1), tokens(1, 1))))
        .containsExactly("p0:10 p1:5", "p2:1");
  }

  @Test
  void noMoreRequestsAreInFlightThanTheBatchSizeAllows() {
    assertThat(lightllm(100, 2, 1, 1000).batches(atOnce(tokens(4, 3), tokens(4, 3), tokens(4, 1))))
        .containsExactly("p0:4 p1:4", "d0 d1", "d0 d1", "p2:4");
  }

  @Test
  void requestsStartIfTheCacheWillHoldAllTheirOutput() {
    // Each has 6 tokens after its prefill and 3 to come: two need 2 * 6 + 2 * 3 = 18, and one block
    // must stay free.
    Workload two = atOnce(tokens(5, 5), tokens(5, 5));
    assertThat(lightllm(100, 8, 10, 19).batches(two)).startsWith("p0:5 p1:5");
    assertThat(lightllm(100, 8, 10, 18).batches(two))
        .containsExactly("p0:5", "d0", "d0", "d0", "d0", "p1:5", "d1", "d1", "d1", "d1");
  }

  @Test
  void theShortRequestsMemoryIsCountedOnWhenTheLongOneGrows() {
    // The long one alone ends at 6 + 8 = 14; while both run they need 6 + 6 + 2 * 1 = 14.
    Workload shortAndLong = atOnce(tokens(5, 3), tokens(5, 10));
    assertThat(lightllm(100, 8, 10, 15).batches(shortAndLong)).startsWith("p0:5 p1:5");
  }

  @Test
  void whatTheRunningStillNeedIsCounted() {
    // When 1 gets its turn, 0 has 7 tokens and 7 to come, 1 will have 6 and 1 to come:
    // 7 + 7 = 14 and 7 + 6 + 2 * 1 = 15.
    Workload two = arriving(at(0, 5, 10), at(5, 5, 3));
    assertThat(lightllm(100, 8, 1, 16).batches(two)).startsWith("p0:5", "d0", "p1:5", "d0 d1");
    List<String> tighter = lightllm(100, 8, 1, 15).batches(two);
    assertThat(tighter.indexOf("p1:5")).isEqualTo(10); // after all nine decodes of 0
  }

  @Test
  void otherBlocksAndPipelinesAreRefused() {
    assertThatThrownBy(() -> lightllm(100, 8, 1, 100).cache(100, 16).spec())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "lightllm needs one pipeline stage (not 1) and KV blocks of one token (not 16)");
    assertThatThrownBy(() -> lightllm(100, 8, 1, 100).stages(2).spec())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("lightllm needs one pipeline stage (not 2) and KV blocks of one token (not 1)");
  }
}
