package io.plumbline.simulator;

import static io.plumbline.simulator.Scenario.arriving;
import static io.plumbline.simulator.Scenario.at;
import static io.plumbline.simulator.Scenario.atOnce;
import static io.plumbline.simulator.Scenario.tokens;
import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.simulator.batching.OrcaSpec;
import io.plumbline.trace.run.RequestTiming;
import io.plumbline.trace.workload.Workload;
import org.junit.jupiter.api.Test;

/** The rules of Orca on cases small enough to work out by hand. */
class OrcaSchedulingTest {

  private static Scenario orca(int maxBatchSize) {
    return Scenario.with(new OrcaSpec(maxBatchSize));
  }

  @Test
  void aPromptJoinsTheDecodesAtTheNextIteration() {
    Workload two = arriving(at(0, 10, 3), at(5, 20, 2));
    assertThat(orca(4).batches(two)).containsExactly("p0:10", "d0 p1:20", "d0 d1");
    RequestTiming first = orca(4).run(two).requests().get(0);
    // 20 ms, 31 ms with the other's prompt, 12 ms.
    assertThat(first.endNanos()).isEqualTo(63_000_000L);
  }

  @Test
  void aRequestThatIsDoneMakesRoomAtOnce() {
    assertThat(orca(2).batches(atOnce(tokens(4, 1), tokens(4, 3), tokens(4, 2))))
        .containsExactly("p0:4 p1:4", "d1 p2:4", "d1 d2");
  }

  @Test
  void roomForTheLongestContextIsReservedForEach() {
    // Three blocks each, ten in all: three requests, though all four need only eight blocks.
    Workload four = atOnce(tokens(4, 2), tokens(4, 2), tokens(4, 2), tokens(4, 2));
    assertThat(orca(8).longest(12).cache(10, 4).batches(four))
        .containsExactly("p0:4 p1:4 p2:4", "d0 d1 d2", "p3:4", "d3");
  }

  @Test
  void theLastBlockIsUsedAndNoneIsKeptAside() {
    Workload three = atOnce(tokens(4, 1), tokens(4, 1), tokens(4, 1));
    assertThat(orca(8).cache(3, 5).watermark(0.5).batches(three)).containsExactly("p0:4 p1:4 p2:4");
    assertThat(orca(8).cache(2, 5).batches(three)).containsExactly("p0:4 p1:4", "p2:4");
  }
}
