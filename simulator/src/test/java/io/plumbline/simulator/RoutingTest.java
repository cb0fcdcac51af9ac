package io.plumbline.simulator;

import static io.plumbline.simulator.Scenario.arriving;
import static io.plumbline.simulator.Scenario.at;
import static io.plumbline.simulator.Scenario.atOnce;
import static io.plumbline.simulator.Scenario.tokens;
import static io.plumbline.simulator.engine.Compatibility.STANDARD;
import static io.plumbline.simulator.engine.Compatibility.VIDUR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.simulator.batching.OrcaSpec;
import io.plumbline.simulator.batching.VllmSpec;
import io.plumbline.simulator.batching.VllmV1Spec;
import io.plumbline.simulator.cluster.LeastKvSpec;
import io.plumbline.simulator.cluster.LorSpec;
import io.plumbline.simulator.cluster.PowerOfTwoSpec;
import io.plumbline.simulator.cluster.PrefixAffinitySpec;
import io.plumbline.simulator.cluster.RandomSpec;
import io.plumbline.simulator.cluster.RouterSpec;
import io.plumbline.simulator.cluster.SessionStickySpec;
import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.trace.run.RequestTiming;
import io.plumbline.trace.workload.PromptBlocks;
import io.plumbline.trace.workload.Request;
import io.plumbline.trace.workload.Workload;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which replica each request goes to. */
class RoutingTest {
  private static final Workload TWELVE =
      new Workload(IntStream.range(0, 12).mapToObj(id -> new Request(id, 0, 4, 1)).toList());

  private static List<Integer> replicas(
      Workload workload, int replicas, RouterSpec router, Compatibility compatibility) {
    return Scenario.with(new OrcaSpec(8))
        .replicas(replicas)
        .routedBy(router)
        .following(compatibility)
        .run(workload)
        .requests()
        .stream()
        .map(RequestTiming::replica)
        .toList();
  }

  /** Each is still running when the next one comes. */
  private static final Workload ONE_BY_ONE = arriving(at(0, 10, 50), at(1, 10, 50), at(2, 10, 50));

  @Test
  void lorCountsWhatARequestRuns() {
    assertThat(replicas(ONE_BY_ONE, 2, new LorSpec(), STANDARD)).containsExactly(0, 1, 0);
  }

  @Test
  void lorCountsWaitingRequestsOnlyInVidur() {
    // 0 runs and is not seen; 1 waits for its first iteration to end.
    assertThat(replicas(ONE_BY_ONE, 2, new LorSpec(), VIDUR)).containsExactly(0, 0, 1);
  }

  @Test
  void lorForgetsWhatIsDone() {
    Workload secondIsDone = arriving(at(0, 10, 50), at(1, 10, 1), at(200, 10, 1));
    assertThat(replicas(secondIsDone, 2, new LorSpec(), STANDARD)).containsExactly(0, 1, 1);
  }

  @Test
  void lorCountsWhatIsPlacedAtTheSameTime() {
    Workload atOnce = atOnce(tokens(4, 2), tokens(4, 2), tokens(4, 2), tokens(4, 2), tokens(4, 2));
    for (Compatibility compatibility : Compatibility.values()) {
      assertThat(replicas(atOnce, 3, new LorSpec(), compatibility)).containsExactly(0, 1, 2, 0, 1);
    }
  }

  @Test
  void lorCountsNoRequestThatWasRejected() {
    // The first is beyond vLLM's budget.
    assertThat(
            Scenario.with(new VllmSpec(8, 8))
                .replicas(2)
                .routedBy(new LorSpec())
                .run(atOnce(tokens(9, 1), tokens(4, 1), tokens(4, 1)))
                .requests())
        .extracting(RequestTiming::replica)
        .containsExactly(0, 0, 1);
  }

  @Test
  void randomReplicasAreThoseOfCpython() {
    // random.seed(42); [random.randint(1, 3) - 1 for _ in range(12)]
    assertThat(replicas(TWELVE, 3, RandomSpec.defaults(), STANDARD))
        .containsExactly(2, 0, 0, 2, 1, 0, 0, 0, 2, 0, 2, 2);
    // random.seed(7); [random.randint(1, 4) - 1 for _ in range(12)]
    assertThat(replicas(TWELVE, 4, new RandomSpec(7, 0), VIDUR))
        .containsExactly(2, 1, 3, 0, 0, 0, 2, 0, 1, 0, 0, 3);
  }

  @Test
  void theStreamGoesOnWhereOthersLeftIt() {
    // random.seed(7); five times random.random(); then as above
    assertThat(replicas(TWELVE, 4, new RandomSpec(7, 5), STANDARD))
        .containsExactly(2, 0, 1, 0, 0, 3, 3, 0, 1, 0, 3, 0);
  }

  @Test
  void fewerThanNoDrawsAreRefused() {
    assertThatThrownBy(() -> new RandomSpec(1, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("precedingDraws (-1) must not be negative");
  }

  @Test
  void leastKvLooksAtBlocksAndNotAtRequests() {
    // Blocks of 16 tokens: at 20 ms replica 0 holds one request of 160 tokens, replica 1 two of 16.
    Workload workload = arriving(at(0, 160, 50), at(1, 16, 50), at(2, 16, 50), at(200, 16, 50));
    assertThat(v1Replicas(workload, 2, new LeastKvSpec())).containsExactly(0, 1, 1, 1);
    assertThat(v1Replicas(workload, 2, new LorSpec())).containsExactly(0, 1, 0, 1);
  }

  @Test
  void ofEqualBlocksLeastKvTakesTheReplicaWithFewerRequests() {
    // Nothing has been scheduled when they are placed.
    assertThat(
            v1Replicas(atOnce(tokens(4, 2), tokens(4, 2), tokens(4, 2)), 3, LeastKvSpec.defaults()))
        .containsExactly(0, 1, 2);
  }

  @Test
  void powerOfTwoTakesTheLessLoadedOfTwo() {
    // With two replicas both are looked at: always the one with fewer.
    Workload workload = atOnce(tokens(4, 2), tokens(4, 2), tokens(4, 2), tokens(4, 2));
    List<Integer> pair = v1Replicas(workload, 2, PowerOfTwoSpec.defaults());
    assertThat(pair).filteredOn(replica -> replica == 0).hasSize(2);
    // With many a single draw would leave some alone; both draws of 12 give all of 3 some.
    List<Integer> three = v1Replicas(TWELVE, 3, PowerOfTwoSpec.defaults());
    assertThat(three).contains(0, 1, 2).isEqualTo(v1Replicas(TWELVE, 3, new PowerOfTwoSpec(42)));
    assertThat(v1Replicas(TWELVE, 1, PowerOfTwoSpec.defaults())).containsOnly(0);
  }

  private static Request sharing(int id, int millis, long family, String session) {
    PromptBlocks blocks = new PromptBlocks(16, new long[] {family, family + 1});
    return new Request(id, millis * 1_000_000L, 40, 3, blocks, null, session);
  }

  @Test
  void prefixAffinityGoesWhereThePrefixIs() {
    // 2 finds its prefix on 1, where 1 ran, and 3 finds nothing anywhere. 0 would have fewer.
    Workload workload =
        new Workload(
            List.of(
                sharing(0, 0, 100, null),
                sharing(1, 0, 200, null),
                sharing(2, 300, 200, null),
                sharing(3, 300, 300, null)));
    assertThat(v1Replicas(workload, 2, PrefixAffinitySpec.defaults())).containsExactly(0, 1, 1, 0);
  }

  @Test
  void prefixAffinityDoesNotOverloadAReplica() {
    Workload workload =
        new Workload(
            List.of(
                sharing(0, 0, 100, null),
                sharing(1, 300, 100, null),
                sharing(2, 300, 100, null),
                sharing(3, 300, 100, null)));
    assertThat(v1Replicas(workload, 2, new PrefixAffinitySpec(1))).containsExactly(0, 0, 0, 1);
    assertThat(v1Replicas(workload, 2, new PrefixAffinitySpec(9))).containsExactly(0, 0, 0, 0);
  }

  @Test
  void sessionsStayWhereTheyBegan() {
    Workload workload =
        new Workload(
            List.of(
                sharing(0, 0, 100, "a"),
                sharing(1, 0, 200, "b"),
                sharing(2, 300, 300, "b"),
                sharing(3, 300, 400, "a"),
                sharing(4, 300, 500, "b"),
                sharing(5, 300, 600, null)));
    assertThat(v1Replicas(workload, 2, SessionStickySpec.defaults()))
        .containsExactly(0, 1, 1, 0, 1, 0);
  }

  private static List<Integer> v1Replicas(Workload workload, int replicas, RouterSpec router) {
    return Scenario.with(VllmV1Spec.defaults())
        .replicas(replicas)
        .routedBy(router)
        .run(workload)
        .requests()
        .stream()
        .map(RequestTiming::replica)
        .toList();
  }
}
