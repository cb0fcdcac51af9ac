package io.plumbline.simulator;

import static io.plumbline.trace.run.RequestOutcome.COMPLETED;
import static io.plumbline.trace.run.RequestOutcome.REJECTED;
import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.simulator.batching.Batch;
import io.plumbline.simulator.batching.GraphMode;
import io.plumbline.simulator.batching.VllmV1Policy;
import io.plumbline.simulator.cluster.Cluster;
import io.plumbline.simulator.cluster.IterationInFlight;
import io.plumbline.simulator.cluster.Recorder;
import io.plumbline.trace.run.RequestOutcome;
import io.plumbline.trace.run.RequestTiming;
import io.plumbline.trace.run.RunTrace;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for every run of vLLM v1's scheduler, over many random options and workloads. */
@Timeout(60)
class VllmV1LawsTest {

  static LongStream seeds() {
    return LongStream.range(0, 600);
  }

  /** Requests of one priority that arrive together and fill the cache: someone must get through. */
  @ParameterizedTest
  @ValueSource(longs = {709, 1540})
  void equalRequestsDoNotPreemptEachOtherForEver(long seed) {
    RandomV1Scenario random = new RandomV1Scenario(seed);
    // The whole takes a few seconds; without the limit a failure would never end.
    RunTrace trace = random.scenario.limit(100).run(random.workload, Recording.REQUESTS);
    assertThat(trace.requests())
        .extracting(RequestTiming::outcome)
        .containsAnyOf(RequestOutcome.COMPLETED)
        .doesNotContain(RequestOutcome.UNFINISHED);
  }

  /** Follows from outside what each request has in the cache. */
  private static final class Witness implements Recorder {
    private final RandomV1Scenario random;
    private final int[] computed;
    private final boolean[] resident;
    private final double[] firstToken;
    private int preemptions;
    private int preemptionsAfterFirstToken;
    private int foundInCache;
    private int paddedSteps;
    private int tokensTaken;

    Witness(RandomV1Scenario random) {
      this.random = random;
      int requests = random.workload.size();
      computed = new int[requests];
      resident = new boolean[requests];
      firstToken = new double[requests];
      Arrays.fill(firstToken, Double.NaN);
    }

    @Override
    public void requestPreempted(int replica, int request, double atSeconds) {
      assertThat(resident[request]).as("only who runs is preempted").isTrue();
      resident[request] = false;
      preemptions++;
      if (!Double.isNaN(firstToken[request])) {
        preemptionsAfterFirstToken++;
      }
    }

    @Override
    public void batchScheduled(IterationInFlight iteration, int kvBlocksUsed) {
      Batch batch = iteration.batch();
      Set<Integer> ids = new HashSet<>();
      int decodes = 0;
      for (int i = 0; i < batch.size(); i++) {
        int id = batch.request(i).id();
        assertThat(ids.add(id)).as("a request is in a step once").isTrue();
        int before = batch.isPrefill(i) ? batch.contextTokens(i) : batch.contextTokens(i) - 1;
        if (resident[id]) {
          assertThat(before).as("a step goes on where the last one ended").isEqualTo(computed[id]);
        } else {
          assertThat(before % random.blockTokens).as("whole blocks are found").isZero();
          assertThat(before == 0 || random.spec.enablePrefixCaching()).isTrue();
          foundInCache += before;
        }
        resident[id] = true;
        computed[id] = before + batch.tokens(i);
        assertThat(batch.tokens(i)).isPositive();
        assertThat(computed[id])
            .as("the last token is never computed")
            .isLessThan(batch.request(i).maxTotalTokens());
        int threshold = random.spec.longPrefillTokenThreshold();
        assertThat(threshold == 0 || batch.tokens(i) <= threshold).isTrue();
        decodes += batch.tokens(i) == 1 ? 1 : 0;
        tokensTaken += batch.tokens(i);
      }
      assertThat(batch.totalTokens()).isLessThanOrEqualTo(random.spec.maxNumBatchedTokens());
      assertThat(batch.size()).isLessThanOrEqualTo(random.spec.maxNumSeqs());
      assertThat(residents()).isLessThanOrEqualTo(random.spec.maxNumSeqs());
      assertThat(batch.paddedTokens()).isGreaterThanOrEqualTo(batch.totalTokens());
      paddedSteps += batch.paddedTokens() > batch.totalTokens() ? 1 : 0;
      if (batch.graph() == GraphMode.NONE) {
        assertThat(batch.paddedTokens()).isEqualTo(batch.totalTokens());
      }
      if (decodes < batch.size()) {
        assertThat(
                random.spec.cudagraphMode().name().equals("FULL")
                    || batch.graph() != GraphMode.FULL)
            .isTrue();
      }
      blocksAddUp(kvBlocksUsed);
    }

    private int residents() {
      int residents = 0;
      for (boolean one : resident) {
        residents += one ? 1 : 0;
      }
      return residents;
    }

    /** Used and free make blocks - 1; what is used follows from what was computed. */
    private void blocksAddUp(int used) {
      int held = 0;
      for (int id = 0; id < computed.length; id++) {
        if (resident[id]) {
          held += (computed[id] + random.blockTokens - 1) / random.blockTokens;
        }
      }
      assertThat(used).isLessThanOrEqualTo(random.blocks - 1);
      if (random.spec.enablePrefixCaching()) {
        assertThat(used).as("shared blocks count once").isLessThanOrEqualTo(held);
      } else {
        assertThat(used).isEqualTo(held);
      }
    }

    @Override
    public void token(int request, double atSeconds) {
      if (Double.isNaN(firstToken[request])) {
        firstToken[request] = atSeconds;
      }
    }

    @Override
    public void batchEnds(IterationInFlight iteration, int kvBlocksUsed, double atSeconds) {
      Batch batch = iteration.batch();
      for (int i = 0; i < batch.size(); i++) {
        if (batch.request(i).completed()) {
          resident[batch.request(i).id()] = false;
        }
      }
      blocksAddUp(kvBlocksUsed);
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everyStepKeepsItsLimitsAndBlocksAddUp(long seed) {
    RandomV1Scenario random = new RandomV1Scenario(seed);
    Cluster cluster = random.scenario.cluster(random.workload, new Witness(random));
    assertThat(cluster.kvBlocksUsed(0)).isZero();
  }

  @Test
  void theSeedsCoverWhatTheLawsAreAbout() {
    int preemptions = 0;
    int afterFirstToken = 0;
    int found = 0;
    int padded = 0;
    int rejections = 0;
    int overlapping = 0;
    for (long seed : seeds().toArray()) {
      RandomV1Scenario random = new RandomV1Scenario(seed);
      Witness witness = new Witness(random);
      random.scenario.cluster(random.workload, witness);
      preemptions += witness.preemptions;
      afterFirstToken += witness.preemptionsAfterFirstToken;
      found += witness.foundInCache;
      padded += witness.paddedSteps;
      overlapping += random.overlaps() ? 1 : 0;
      rejections += random.workload.requests().stream().anyMatch(r -> !random.fits(r)) ? 1 : 0;
    }
    assertThat(preemptions).isGreaterThan(1000);
    assertThat(afterFirstToken).isGreaterThan(500);
    assertThat(found).isGreaterThan(5000);
    assertThat(padded).isGreaterThan(1000);
    assertThat(rejections).isGreaterThan(50);
    assertThat(overlapping).isGreaterThan(60);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everyRequestThatFitsGetsAllItsTokensAtRisingTimes(long seed) {
    RandomV1Scenario random = new RandomV1Scenario(seed);
    RunTrace trace = random.scenario.run(random.workload);
    for (RequestTiming timing : trace.requests()) {
      int id = timing.requestId();
      boolean fits = random.fits(random.workload.request(id));
      assertThat(timing.outcome())
          .as("%s of %s", timing, random)
          .isEqualTo(fits ? COMPLETED : REJECTED);
      if (!fits) {
        continue;
      }
      assertThat(timing.producedTokens()).isEqualTo(timing.outputTokens());
      assertThat(trace.tokens().tokens(id)).isEqualTo(timing.outputTokens());
      for (int k = 1; k < timing.outputTokens(); k++) {
        assertThat(trace.tokens().nanos(id, k)).isGreaterThan(trace.tokens().nanos(id, k - 1));
      }
      assertThat(timing.scheduledNanos()).isGreaterThanOrEqualTo(timing.arrivalNanos());
      assertThat(timing.endNanos()).isEqualTo(trace.tokens().nanos(id, timing.outputTokens() - 1));
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void noPreemptionChangesTheTimeOfTheFirstToken(long seed) {
    RandomV1Scenario random = new RandomV1Scenario(seed);
    Witness witness = new Witness(random);
    Cluster cluster = random.scenario.cluster(random.workload, witness);
    for (int id = 0; id < random.workload.size(); id++) {
      assertThat(cluster.request(id).firstTokenSeconds())
          .isEqualTo((Double) witness.firstToken[id]);
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void whoComesFirstStartsFirst(long seed) {
    RandomV1Scenario random = new RandomV1Scenario(seed);
    if (random.spec.policy() != VllmV1Policy.FCFS) {
      return;
    }
    long last = 0;
    for (RequestTiming timing : random.scenario.run(random.workload).requests()) {
      if (timing.scheduledNanos() != null) {
        assertThat(timing.scheduledNanos()).isGreaterThanOrEqualTo(last);
        last = timing.scheduledNanos();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void withoutCacheAndPreemptionEveryTokenIsComputedOnce(long seed) {
    RandomV1Scenario random = new RandomV1Scenario(seed);
    if (random.spec.enablePrefixCaching()) {
      return;
    }
    Witness witness = new Witness(random);
    random.scenario.cluster(random.workload, witness);
    long needed =
        random.workload.requests().stream()
            .filter(random::fits)
            .mapToLong(r -> r.totalTokens() - 1)
            .sum();
    if (witness.preemptions == 0) {
      assertThat(witness.tokensTaken).isEqualTo(needed);
    } else {
      assertThat(witness.tokensTaken).isGreaterThan((int) needed);
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void theSameInputsGiveTheSameTrace(long seed) {
    RandomV1Scenario first = new RandomV1Scenario(seed);
    RandomV1Scenario second = new RandomV1Scenario(seed);
    assertThat(first.scenario.run(first.workload)).isEqualTo(second.scenario.run(second.workload));
  }
}
