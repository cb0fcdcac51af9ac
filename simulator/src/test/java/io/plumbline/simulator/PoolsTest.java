package io.plumbline.simulator;

import static io.plumbline.simulator.Scenario.arriving;
import static io.plumbline.simulator.Scenario.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.simulator.batching.SarathiSpec;
import io.plumbline.simulator.batching.VllmV1Spec;
import io.plumbline.simulator.cluster.KvOverlap;
import io.plumbline.trace.run.KvTransfer;
import io.plumbline.trace.run.PoolRole;
import io.plumbline.trace.run.PooledReplica;
import io.plumbline.trace.run.RequestOutcome;
import io.plumbline.trace.run.RunTrace;
import io.plumbline.trace.run.TokenTimes;
import org.junit.jupiter.api.Test;

/** Prefill and decode pools, worked out by hand. */
class PoolsTest {
  private static PooledScenario oneAndOne() {
    return new PooledScenario().pool(PoolRole.PREFILL, 1, 1000).pool(PoolRole.DECODE, 1, 1000);
  }

  private static double[] millis(TokenTimes tokens, int request) {
    double[] millis = new double[tokens.tokens(request)];
    for (int k = 0; k < millis.length; k++) {
      millis[k] = tokens.nanos(request, k) / 1e6;
    }
    return millis;
  }

  private static double[] span(KvTransfer transfer) {
    return new double[] {
      transfer.readyNanos() / 1e6, transfer.startNanos() / 1e6, transfer.endNanos() / 1e6
    };
  }

  @Test
  void theTransferLiesBetweenTheFirstAndTheSecondToken() {
    RunTrace trace = oneAndOne().run(arriving(at(0, 50, 3)));
    // Prefill 10 + 50 ms; 50 tokens at one per ms; decodes of 11 ms.
    assertThat(millis(trace.tokens(), 0)).containsExactly(60, 121, 132);
    assertThat(trace.pools().transfers()).hasSize(1);
    KvTransfer transfer = trace.pools().transfers().get(0);
    assertThat(span(transfer)).containsExactly(60, 60, 110);
    assertThat(transfer.tokens()).isEqualTo(50);
    assertThat(transfer.bytes()).isEqualTo(50 * 384);
    assertThat(trace.requests().get(0).replica()).isEqualTo(1);
    assertThat(trace.requests().get(0).executionNanos()).isEqualTo(82_000_000);
    assertThat(trace.requests().get(0).preemptedNanos()).isEqualTo(50_000_000);
    assertThat(trace.iterations()).extracting(i -> i.replica()).containsExactly(0, 1, 1);
    assertThat(trace.pools().replicas())
        .containsExactly(
            new PooledReplica(0, "pool0", PoolRole.PREFILL, "device0", 1, 1),
            new PooledReplica(1, "pool1", PoolRole.DECODE, "device1", 1, 1));
  }

  @Test
  void aRequestOfOneTokenIsNotHandedOver() {
    RunTrace trace = oneAndOne().run(arriving(at(0, 50, 1)));
    assertThat(millis(trace.tokens(), 0)).containsExactly(60);
    assertThat(trace.pools().transfers()).isEmpty();
    assertThat(trace.requests().get(0).replica()).isZero();
  }

  @Test
  void theSecondTransferWaitsForTheStreamOfTheFirst() {
    RunTrace trace = oneAndOne().run(arriving(at(0, 50, 2), at(0, 40, 2)));
    // One prefill of 90 tokens, until 100 ms. Then one transfer after the other; the decodes of 11
    // ms follow at once.
    assertThat(trace.pools().transfers())
        .extracting(PoolsTest::span)
        .containsExactly(new double[] {100, 100, 150}, new double[] {100, 150, 190});
    assertThat(millis(trace.tokens(), 0)).containsExactly(100, 161);
    assertThat(millis(trace.tokens(), 1)).containsExactly(100, 201);
  }

  @Test
  void twoStreamsSendBothAtOnce() {
    RunTrace trace =
        oneAndOne().link(384e3, 0.002, 2, KvOverlap.NONE).run(arriving(at(0, 50, 2), at(0, 40, 2)));
    assertThat(trace.pools().transfers())
        .extracting(PoolsTest::span)
        .containsExactly(new double[] {100, 100, 142}, new double[] {100, 100, 152});
  }

  @Test
  void layersAreSentWhileLaterOnesAreComputed() {
    // 50 tokens take 25 ms to send, hidden behind the 60 ms of the prefill but for one of six
    // layers.
    RunTrace hidden =
        oneAndOne().link(768e3, 0.001, 1, KvOverlap.LAYERS).run(arriving(at(0, 50, 2)));
    assertThat(hidden.pools().transfers().get(0).endNanos())
        .isEqualTo(61_000_000 + Math.round(25e6 / 6));
    // At half a token per ms 100 ms, of which 60 are hidden.
    RunTrace half = oneAndOne().link(192e3, 0, 1, KvOverlap.LAYERS).run(arriving(at(0, 50, 2)));
    assertThat(half.pools().transfers().get(0).endNanos()).isEqualTo(100_000_000);
  }

  @Test
  void withoutTimeOnTheLinkOnlyTheReplicasCount() {
    PooledScenario scenario = oneAndOne().link(1e18, 0, 1, KvOverlap.NONE);
    RunTrace trace = scenario.run(arriving(at(0, 50, 3), at(60, 20, 2)));
    // The second prompt runs from 60 to 90 ms, beside the decodes of the first until 82 ms.
    assertThat(millis(trace.tokens(), 0)).containsExactly(60, 71, 82);
    assertThat(millis(trace.tokens(), 1)).containsExactly(90, 101);
  }

  @Test
  void aFullDecodePoolLeavesKeysAndValuesInThePrefillPool() {
    // Each prompt of 50 tokens takes 5 blocks to prefill, and with its next token 6 to decode: the
    // decode replica has room for one, the prefill replica for two.
    RunTrace trace =
        new PooledScenario()
            .pool(PoolRole.PREFILL, 1, new SarathiSpec(50, 8), 10, 10, PooledScenario.TIMES)
            .pool(PoolRole.DECODE, 1, new SarathiSpec(50, 8), 10, 10, PooledScenario.TIMES)
            .run(arriving(at(0, 50, 3), at(0, 50, 3), at(0, 50, 3)));
    // Prompts run 0-60, 60-120; the third waits for the blocks of the first, which are copied at
    // 110 ms while the second runs: 120-180. The first decodes 110-132 and frees its blocks; the
    // second, ready at 120, is copied 132-182 and decodes to 204; the third, ready at 180, is
    // copied 204-254.
    assertThat(millis(trace.tokens(), 0)).containsExactly(60, 121, 132);
    assertThat(millis(trace.tokens(), 1)).containsExactly(120, 193, 204);
    assertThat(millis(trace.tokens(), 2)).containsExactly(180, 265, 276);
    assertThat(trace.pools().transfers())
        .extracting(PoolsTest::span)
        .containsExactly(
            new double[] {60, 60, 110}, new double[] {120, 132, 182}, new double[] {180, 204, 254});
  }

  @Test
  void blocksThatAreNotCopiedKeepNewPromptsOut() {
    RunTrace trace =
        new PooledScenario()
            .pool(PoolRole.PREFILL, 1, 6)
            .pool(PoolRole.DECODE, 1, 1000)
            .run(arriving(at(0, 50, 2), at(0, 50, 2)));
    // The second prompt has no blocks until the first is copied at 110 ms.
    assertThat(millis(trace.tokens(), 0)).containsExactly(60, 121);
    assertThat(millis(trace.tokens(), 1)).containsExactly(170, 231);
  }

  @Test
  void eachPoolHasItsOwnTimes() {
    RunTrace trace =
        new PooledScenario()
            .pool(PoolRole.PREFILL, 1, new SarathiSpec(100, 8), 100, 10, (b, s) -> 0.030)
            .pool(PoolRole.DECODE, 1, VllmV1Spec.defaults(), 100, 10, (b, s) -> 0.007)
            .run(arriving(at(0, 50, 3)));
    assertThat(millis(trace.tokens(), 0)).containsExactly(30, 87, 94);
  }

  @Test
  void aPreemptedDecodeIsComputedAgainWhereItDecodes() {
    // Two requests of 20 + 12 tokens: 3 blocks each to begin with, 4 at the end; there are 6.
    RunTrace trace =
        new PooledScenario()
            .pool(PoolRole.PREFILL, 1, 1000)
            .pool(PoolRole.DECODE, 1, 6)
            .link(1e18, 0, 2, KvOverlap.NONE)
            .run(arriving(at(0, 20, 12), at(0, 20, 12)));
    // Prefill until 50 ms. Ten decodes of both, 12 ms each, fill three blocks each until 170 ms.
    // The
    // eleventh needs a block for each, so the second is preempted: the first ends alone at 181 ms.
    // Then the 31 tokens that are known of the second are computed again, which makes its last.
    double[] first = millis(trace.tokens(), 0);
    double[] second = millis(trace.tokens(), 1);
    assertThat(first[10]).isEqualTo(170);
    assertThat(first[11]).isEqualTo(181);
    assertThat(second[10]).isEqualTo(170);
    assertThat(second[11]).isEqualTo(181 + 10 + 31);
    assertThat(trace.requests().get(1).preemptions()).isEqualTo(1);
    assertThat(trace.pools().transfers()).hasSize(2);
    assertThat(trace.iterations())
        .filteredOn(i -> i.prefillTokens() > 0)
        .extracting(i -> i.replica())
        .containsExactly(0, 1);
  }

  @Test
  void whatNoDecodeReplicaCouldHoldIsRejectedAtOnce() {
    RunTrace trace =
        new PooledScenario()
            .pool(PoolRole.PREFILL, 1, 1000)
            .pool(PoolRole.DECODE, 1, 6)
            .run(arriving(at(0, 50, 20), at(0, 50, 1)));
    assertThat(trace.requests())
        .extracting(r -> r.outcome())
        .containsExactly(RequestOutcome.REJECTED, RequestOutcome.COMPLETED);
  }

  @Test
  void poolsThatCannotServeAreRefused() {
    assertThatThrownBy(() -> new PooledScenario().pool(PoolRole.PREFILL, 1, 10).spec())
        .hasMessage(
            "pools (pool0) has a prefill pool but no decode pool, so nobody makes the second token. Maybe add one with role: decode, or role: mixed");
    assertThatThrownBy(() -> new PooledScenario().pool(PoolRole.DECODE, 1, 10).spec())
        .hasMessage(
            "pools (pool0) has a decode pool but no prefill pool, so nothing reaches it. Maybe add one with role: prefill, or role: mixed");
    assertThatThrownBy(() -> new PooledScenario().pool(PoolRole.PREFILL, 0, 10))
        .hasMessage("replicas (0) must be positive");
  }
}
