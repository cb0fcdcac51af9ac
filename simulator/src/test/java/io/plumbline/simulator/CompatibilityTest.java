package io.plumbline.simulator;

import static io.plumbline.simulator.Scenario.arriving;
import static io.plumbline.simulator.Scenario.at;
import static io.plumbline.simulator.Scenario.atOnce;
import static io.plumbline.simulator.Scenario.tokens;
import static io.plumbline.simulator.engine.Compatibility.STANDARD;
import static io.plumbline.simulator.engine.Compatibility.VIDUR;
import static io.plumbline.trace.run.RequestOutcome.COMPLETED;
import static io.plumbline.trace.run.RequestOutcome.REJECTED;
import static io.plumbline.trace.run.RequestOutcome.UNFINISHED;
import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.simulator.batching.Batch;
import io.plumbline.simulator.batching.FasterTransformerSpec;
import io.plumbline.simulator.batching.LightllmSpec;
import io.plumbline.simulator.batching.OrcaSpec;
import io.plumbline.simulator.batching.ReplicaLimits;
import io.plumbline.simulator.batching.ReplicaScheduler;
import io.plumbline.simulator.batching.RequestProgress;
import io.plumbline.simulator.batching.SarathiSpec;
import io.plumbline.simulator.batching.VllmSpec;
import io.plumbline.simulator.cluster.Recorder;
import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.kvcache.KvCacheSize;
import io.plumbline.trace.run.RequestOutcome;
import io.plumbline.trace.run.RequestTiming;
import io.plumbline.trace.run.RunTrace;
import io.plumbline.trace.workload.Request;
import io.plumbline.trace.workload.Workload;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Each difference between the right behaviour and Vidur's, both sides. The memory plan's is in
 * {@code MemoryPlanTest}, the micro-batch limit's in {@code SchedulerSpecTest}.
 */
class CompatibilityTest {
  private static final Workload HALF_DONE_PREFILL = atOnce(tokens(7, 3), tokens(12, 2));

  /** Five blocks of four tokens, budget 8. */
  private static Scenario tightSarathi(Compatibility compatibility) {
    return Scenario.with(new SarathiSpec(8, 128)).cache(5, 4).following(compatibility);
  }

  private static List<RequestOutcome> outcomes(RunTrace trace) {
    return trace.requests().stream().map(RequestTiming::outcome).toList();
  }

  @Test
  void aPrefillPreemptedHalfwayIsDoneInFull() {
    // 2 + 3 blocks fill the cache. The first decode of 0 has room in its second block, so 1 does 1
    // and 7 of 12; then 0 needs a third block and 1 restarts. Alone it does 8 + 4 and one decode.
    assertThat(tightSarathi(STANDARD).batches(HALF_DONE_PREFILL))
        .containsExactly("p0:7 p1:1", "d0 p1:7", "d0", "p1:8", "p1:4", "d1");
    RequestTiming victim = tightSarathi(STANDARD).run(HALF_DONE_PREFILL).requests().get(1);
    assertThat(victim.producedTokens()).isEqualTo(2);
    assertThat(victim.preemptions()).isEqualTo(1);
  }

  @Test
  void aPrefillPreemptedHalfwayIsCutInVidur() {
    // The prompt becomes the one token that was done, the other 11 become output: 13 tokens, the
    // first with the prefill, one beside d0, 11 alone.
    List<String> batches = tightSarathi(VIDUR).batches(HALF_DONE_PREFILL);
    assertThat(batches).startsWith("p0:7 p1:1", "d0 p1:1", "d0 d1").hasSize(14);
    assertThat(batches.subList(3, 14)).containsOnly("d1");
    RunTrace trace = tightSarathi(VIDUR).run(HALF_DONE_PREFILL);
    assertThat(trace.requests().get(1).producedTokens()).isEqualTo(13);
    assertThat(trace.tokens().tokens(1)).isEqualTo(13);
  }

  /** The first request reaches 24 tokens, the cache holds 20. */
  private static final Workload FIRST_NEVER_FITS = atOnce(tokens(22, 2), tokens(4, 2));

  @Test
  void aRequestThatNeverFitsIsRejectedAndTheNextOneRuns() {
    RunTrace trace = tightSarathi(STANDARD).run(FIRST_NEVER_FITS);
    assertThat(outcomes(trace)).containsExactly(REJECTED, COMPLETED);
    RequestTiming rejected = trace.requests().get(0);
    assertThat(rejected.scheduledNanos()).isNull();
    assertThat(rejected.producedTokens()).isZero();
  }

  @Test
  void aRequestThatNeverFitsBlocksTheQueueInVidur() {
    assertThat(outcomes(tightSarathi(VIDUR).run(FIRST_NEVER_FITS)))
        .containsExactly(UNFINISHED, UNFINISHED);
  }

  @Test
  void theLongestContextThatFitsIsAccepted() {
    // 20 tokens are five blocks; 21 are six.
    assertThat(outcomes(tightSarathi(STANDARD).run(atOnce(tokens(18, 2), tokens(18, 3)))))
        .containsExactly(COMPLETED, REJECTED);
  }

  @Test
  void aPromptBeyondVllmsBudgetIsRejected() {
    Scenario vllm = Scenario.with(new VllmSpec(8, 128));
    assertThat(outcomes(vllm.run(atOnce(tokens(9, 1), tokens(8, 1)))))
        .containsExactly(REJECTED, COMPLETED);
  }

  @Test
  void aPromptBeyondVllmsBudgetBlocksTheQueueInVidur() {
    Scenario vllm = Scenario.with(new VllmSpec(8, 128)).following(VIDUR);
    assertThat(outcomes(vllm.run(atOnce(tokens(9, 1), tokens(8, 1)))))
        .containsExactly(UNFINISHED, UNFINISHED);
  }

  /** Five blocks of four tokens, budget 8: request 1 restarts with a prompt of 9. */
  private static Scenario growingPrompt(Compatibility compatibility) {
    return Scenario.with(new VllmSpec(8, 128)).cache(5, 4).following(compatibility);
  }

  @Test
  void aPromptThatOutgrewVllmsBudgetByPreemptionRunsAlone() {
    // 2 + 2 blocks; the decode of 0 takes the fifth, that of 1 finds none.
    assertThat(growingPrompt(STANDARD).batches(atOnce(tokens(8, 4), tokens(8, 4))))
        .containsExactly("p0:8", "p1:8", "d0", "d0", "d0", "p1:9", "d1", "d1");
  }

  @Test
  void aPromptThatOutgrewVllmsBudgetByPreemptionIsStuckInVidur() {
    RunTrace trace = growingPrompt(VIDUR).run(atOnce(tokens(8, 4), tokens(8, 4)));
    assertThat(outcomes(trace)).containsExactly(COMPLETED, UNFINISHED);
    assertThat(trace.requests().get(1).producedTokens()).isEqualTo(1);
    assertThat(trace.requests().get(1).endNanos()).isNull();
  }

  /** Two blocks of four tokens, both held by the only request when it is to decode. */
  private static final Workload FILLS_THE_CACHE = atOnce(tokens(5, 3));

  @Test
  void aRequestThatFillsTheCacheAloneDecodesToItsEnd() {
    // 5 + 3 tokens fill both blocks; no decode needs a third one.
    Scenario vllm = Scenario.with(new VllmSpec(100, 128)).cache(2, 4);
    assertThat(vllm.batches(FILLS_THE_CACHE)).containsExactly("p0:5", "d0", "d0");
    assertThat(outcomes(vllm.run(FILLS_THE_CACHE))).containsExactly(COMPLETED);
  }

  @Test
  void aRequestThatFillsTheCacheAloneIsStuckInVidur() {
    Scenario vllm = Scenario.with(new VllmSpec(100, 128)).cache(2, 4).following(VIDUR);
    assertThat(outcomes(vllm.run(FILLS_THE_CACHE))).containsExactly(UNFINISHED);
  }

  /** The model of the scenarios holds 4,096 tokens. */
  private static final Workload LONGER_THAN_THE_MODEL = atOnce(tokens(4000, 97), tokens(4000, 96));

  @Test
  void aRequestLongerThanTheModelsContextIsRejected() {
    Scenario sarathi = Scenario.with(new SarathiSpec(4096, 128));
    assertThat(outcomes(sarathi.run(LONGER_THAN_THE_MODEL))).containsExactly(REJECTED, COMPLETED);
  }

  @Test
  void aRequestLongerThanTheModelsContextIsSimulatedInVidur() {
    Scenario sarathi = Scenario.with(new SarathiSpec(4096, 128)).following(VIDUR);
    assertThat(outcomes(sarathi.run(LONGER_THAN_THE_MODEL))).containsExactly(COMPLETED, COMPLETED);
  }

  /** Two requests of ten tokens each; five blocks of four. */
  private static final Workload TWO_OF_TEN_TOKENS = atOnce(tokens(8, 2), tokens(8, 2));

  @Test
  void orcaReservesTheLastBlockOfTheLongestContextToo() {
    Scenario orca = Scenario.with(new OrcaSpec(8)).cache(5, 4);
    // Three blocks each.
    assertThat(orca.batches(TWO_OF_TEN_TOKENS)).containsExactly("p0:8", "d0", "p1:8", "d1");
  }

  @Test
  void orcaReservesWholeBlocksOnlyInVidur() {
    Scenario orca = Scenario.with(new OrcaSpec(8)).cache(5, 4).following(VIDUR);
    // Two blocks each, though ten tokens need three.
    assertThat(orca.batches(TWO_OF_TEN_TOKENS)).containsExactly("p0:8 p1:8", "d0 d1");
  }

  private static final Workload FOUR_SHORT =
      atOnce(tokens(4, 2), tokens(4, 2), tokens(4, 2), tokens(4, 2));

  @Test
  void orcasLimitIsSharedByTheBatchesInFlight() {
    assertThat(Scenario.with(new OrcaSpec(2)).stages(2).batches(FOUR_SHORT))
        .startsWith("p0:4", "p1:4", "d0", "d1", "p2:4", "p3:4");
  }

  @Test
  void orcasLimitHoldsForEachBatchInFlightInVidur() {
    assertThat(Scenario.with(new OrcaSpec(2)).stages(2).following(VIDUR).batches(FOUR_SHORT))
        .containsExactly("p0:4 p1:4", "p2:4 p3:4", "d0 d1", "d2 d3");
  }

  /** The plan says that three requests of 8 tokens fit, the cache has room for five. */
  private static Batch batchBeyondThePlan(Compatibility compatibility) {
    ReplicaScheduler orca =
        new OrcaSpec(8)
            .create(new KvCacheSize(10, 4, 0), new ReplicaLimits(1, 8, 3), compatibility);
    for (int id = 0; id < 6; id++) {
      orca.enqueue(new RequestProgress(new Request(id, 0, 4, 4), 0));
    }
    return orca.nextBatch();
  }

  @Test
  void theCacheAloneLimitsABatchOfOrca() {
    assertThat(batchBeyondThePlan(STANDARD).size()).isEqualTo(5);
  }

  @Test
  void theMemoryPlanLimitsABatchOfOrcaInVidur() {
    assertThat(batchBeyondThePlan(VIDUR).size()).isEqualTo(3);
  }

  /** The first request is longer than the longest that is planned for. */
  private static final Workload FIRST_IS_TOO_LONG = atOnce(tokens(10, 2), tokens(4, 4));

  @Test
  void aRequestBeyondTheReservationIsRejected() {
    Scenario orca = Scenario.with(new OrcaSpec(8)).longest(8).cache(10, 4);
    assertThat(outcomes(orca.run(FIRST_IS_TOO_LONG))).containsExactly(REJECTED, COMPLETED);
  }

  @Test
  void aRequestBeyondTheReservationRunsInItInVidur() {
    Scenario orca = Scenario.with(new OrcaSpec(8)).longest(8).cache(10, 4).following(VIDUR);
    RunTrace trace = orca.run(FIRST_IS_TOO_LONG);
    assertThat(outcomes(trace)).containsExactly(COMPLETED, COMPLETED);
    assertThat(trace.iterations().get(0).kvBlocksUsed()).isEqualTo(4);
  }

  /** Room for two requests of 8 tokens at a time; 1 is done before 0. */
  private static Scenario tightFasterTransformer(Compatibility compatibility) {
    return Scenario.with(new FasterTransformerSpec(2)).cache(4, 4).following(compatibility);
  }

  private static final Workload UNEQUAL =
      atOnce(tokens(4, 4), tokens(4, 2), tokens(4, 1), tokens(4, 1));

  @Test
  void fasterTransformerGivesTheMemoryOfAWholeBatchBack() {
    assertThat(tightFasterTransformer(STANDARD).batches(UNEQUAL))
        .containsExactly("p0:4 p1:4", "d0 d1", "d0", "d0", "p2:4 p3:4");
    assertThat(tightFasterTransformer(STANDARD).cluster(UNEQUAL, Recorder.NONE).kvBlocksUsed(0))
        .isZero();
  }

  @Test
  void fasterTransformerLosesTheMemoryOfEarlyFinishersInVidur() {
    assertThat(tightFasterTransformer(VIDUR).batches(UNEQUAL))
        .containsExactly("p0:4 p1:4", "d0 d1", "d0", "d0", "p2:4", "p3:4");
    assertThat(tightFasterTransformer(VIDUR).cluster(UNEQUAL, Recorder.NONE).kvBlocksUsed(0))
        .isEqualTo(2);
    // Vidur fails at the end of such a run; here its trace is complete.
    assertThat(outcomes(tightFasterTransformer(VIDUR).run(UNEQUAL))).containsOnly(COMPLETED);
  }

  private static Scenario lightllm(int blocks, Compatibility compatibility) {
    return Scenario.with(new LightllmSpec(20, 8, 10)).cache(blocks, 1).following(compatibility);
  }

  @Test
  void lightllmRejectsWhatItCouldNeverStart() {
    // 10 tokens may become 14: 14 blocks must be less than there are. 21 are beyond the budget.
    Workload three = atOnce(tokens(10, 5), tokens(21, 1), tokens(2, 2));
    assertThat(outcomes(lightllm(15, STANDARD).run(three)))
        .containsExactly(COMPLETED, REJECTED, COMPLETED);
    assertThat(outcomes(lightllm(14, STANDARD).run(three)))
        .containsExactly(REJECTED, REJECTED, COMPLETED);
  }

  @Test
  void lightllmIsBlockedByWhatItCouldNeverStartInVidur() {
    assertThat(outcomes(lightllm(14, VIDUR).run(atOnce(tokens(10, 5), tokens(2, 2)))))
        .containsExactly(UNFINISHED, UNFINISHED);
    assertThat(outcomes(lightllm(100, VIDUR).run(atOnce(tokens(21, 1), tokens(2, 2)))))
        .containsExactly(UNFINISHED, UNFINISHED);
  }

  /** Iterations end 20 and 41 ms after the first arrival, with 1 and 2 tokens of request 0. */
  private static final Workload LATE = arriving(at(30, 10, 2), at(31, 10, 2));

  @Test
  void aTimeLimitCountsFromTheFirstArrival() {
    assertThat(limited(25, STANDARD)).containsExactly(1, 0);
    assertThat(limited(45, STANDARD)).containsExactly(2, 1);
  }

  @Test
  void aTimeLimitCountsFromTheWorkloadsZeroInVidur() {
    assertThat(limited(1, VIDUR)).containsExactly(0, 0);
    assertThat(limited(45, VIDUR)).containsExactly(0, 0);
    assertThat(limited(30 + 25, VIDUR)).containsExactly(1, 0);
    assertThat(limited(30 + 45, VIDUR)).containsExactly(2, 1);
  }

  private static List<Integer> limited(int millis, Compatibility compatibility) {
    Scenario scenario = Scenario.with(new SarathiSpec(512, 128)).following(compatibility);
    return scenario.limit(millis / 1e3).run(LATE).requests().stream()
        .map(RequestTiming::producedTokens)
        .toList();
  }
}
