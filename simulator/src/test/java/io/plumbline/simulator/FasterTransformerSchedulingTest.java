package io.plumbline.simulator;

import static io.plumbline.simulator.Scenario.arriving;
import static io.plumbline.simulator.Scenario.at;
import static io.plumbline.simulator.Scenario.atOnce;
import static io.plumbline.simulator.Scenario.tokens;
import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.simulator.batching.FasterTransformerSpec;
import io.plumbline.trace.run.IterationTiming;
import io.plumbline.trace.workload.Workload;
import org.junit.jupiter.api.Test;

/** The rules of static batching on cases small enough to work out by hand. */
class FasterTransformerSchedulingTest {

  private static Scenario fasterTransformer(int maxBatchSize) {
    return Scenario.with(new FasterTransformerSpec(maxBatchSize));
  }

  @Test
  void noRequestJoinsABatchBeforeItsLastRequestIsDone() {
    assertThat(fasterTransformer(2).batches(atOnce(tokens(4, 3), tokens(4, 2), tokens(4, 1))))
        .containsExactly("p0:4 p1:4", "d0 d1", "d0", "p2:4");
    assertThat(fasterTransformer(8).batches(arriving(at(0, 10, 3), at(5, 20, 2))))
        .containsExactly("p0:10", "d0", "d0", "p1:20", "d1");
  }

  @Test
  void theMemoryOfABatchIsHeldUntilItsLastRequestIsDone() {
    // 12 tokens are three blocks each.
    Workload two = atOnce(tokens(8, 4), tokens(4, 2));
    assertThat(fasterTransformer(2).cache(10, 4).run(two).iterations())
        .extracting(IterationTiming::kvBlocksUsed)
        .containsExactly(6, 6, 6, 6);
  }

  @Test
  void aBatchStartsWithAsManyRequestsAsTheCacheHasRoomFor() {
    Workload three = atOnce(tokens(4, 2), tokens(4, 2), tokens(4, 2));
    assertThat(fasterTransformer(8).longest(8).cache(5, 4).batches(three))
        .containsExactly("p0:4 p1:4", "d0 d1", "p2:4", "d2");
  }

  @Test
  void everyStageHasABatchOfItsOwn() {
    Workload five = atOnce(tokens(4, 2), tokens(4, 3), tokens(4, 2), tokens(4, 2), tokens(4, 1));
    assertThat(fasterTransformer(4).stages(2).batches(five))
        .containsExactly("p0:4 p1:4", "p2:4 p3:4", "d0 d1", "d2 d3", "d1", "p4:4");
  }
}
