package io.plumbline.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.simulator.batching.RequestProgress;
import io.plumbline.simulator.capacity.LatencyMetric;
import io.plumbline.simulator.capacity.Slo;
import io.plumbline.simulator.capacity.SloWatch;
import io.plumbline.simulator.capacity.SloWatch.Hopeless;
import io.plumbline.simulator.cluster.Cluster;
import io.plumbline.simulator.cluster.Recorder;
import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.trace.workload.Workload;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The verdict on a run is that of its latencies, and ending a hopeless run does not change it. */
class SloVerdictTest {
  private static final int RUNS = 3000;
  private static final double[] PERCENTILES = {10, 50, 75, 90, 99, 100};

  private record Verdict(boolean met, boolean ended, double seconds) {}

  /** Keeps the gaps between tokens, for the judgement by sorting. */
  private static final class Gaps implements Recorder {
    final List<Double> gaps = new ArrayList<>();
    final double[] last;

    Gaps(int requests) {
      last = new double[requests];
      Arrays.fill(last, -1);
    }

    @Override
    public void token(int request, double atSeconds) {
      if (last[request] >= 0) {
        gaps.add(atSeconds - last[request]);
      }
      last[request] = atSeconds;
    }
  }

  @Test
  void aRunThatIsEndedEarlyHasTheVerdictOfTheWholeRun_whichIsThatOfItsSortedLatencies() {
    int met = 0;
    int ended = 0;
    double wholeSeconds = 0;
    double endedSeconds = 0;
    for (int seed = 0; seed < RUNS; seed++) {
      SplittableRandom random = new SplittableRandom(1000 + seed);
      Compatibility compatibility =
          random.nextInt(4) == 0 ? Compatibility.VIDUR : Compatibility.STANDARD;
      boolean v1 = random.nextInt(3) == 0;
      Scenario scenario;
      Workload workload;
      if (v1) {
        RandomV1Scenario drawn = new RandomV1Scenario(seed);
        scenario = drawn.scenario;
        workload = drawn.workload;
        compatibility = Compatibility.STANDARD;
      } else {
        RandomScenario drawn = new RandomScenario(seed, compatibility);
        scenario = drawn.scenario;
        workload = drawn.workload;
      }
      if (random.nextInt(5) == 0) {
        scenario.limit(0.2);
      }
      Slo slo = slo(random);
      Gaps gaps = new Gaps(workload.size());

      Verdict early = verdict(scenario, workload, slo, compatibility, Hopeless.END);
      Verdict whole = verdict(scenario, workload, slo, compatibility, Hopeless.GO_ON);
      Cluster cluster = scenario.cluster(workload, gaps);

      assertThat(early.met()).as("seed %d, %s", seed, slo).isEqualTo(whole.met());
      assertThat(whole.met())
          .as("seed %d, %s", seed, slo)
          .isEqualTo(
              slo.conditions().stream().allMatch(c -> isMet(c, cluster, workload, gaps.gaps)));
      met += whole.met() ? 1 : 0;
      if (early.ended()) {
        ended++;
        wholeSeconds += whole.seconds();
        endedSeconds += early.seconds();
      }
    }
    // Both verdicts occur, and what ends early is shorter: else this would say nothing.
    assertThat(met).isBetween(RUNS / 10, RUNS * 9 / 10);
    assertThat(ended).isGreaterThan(RUNS / 4);
    assertThat(endedSeconds).isLessThan(0.9 * wholeSeconds);
  }

  private static Verdict verdict(
      Scenario scenario,
      Workload workload,
      Slo slo,
      Compatibility compatibility,
      Hopeless hopeless) {
    double[] arrivals =
        workload.requests().stream().mapToDouble(r -> r.arrivalNanos() / 1e9).toArray();
    SloWatch watch = new SloWatch(slo, workload, arrivals, compatibility, hopeless);
    scenario.cluster(workload, watch);
    return new Verdict(watch.isMet(), watch.isHopeless(), watch.nowSeconds());
  }

  private static Slo slo(SplittableRandom random) {
    List<Slo.Condition> conditions = new ArrayList<>();
    int count = 1 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      LatencyMetric[] metrics = LatencyMetric.values();
      double scale = Math.pow(10, -2.5 + 2.5 * random.nextDouble());
      conditions.add(
          random.nextInt(4) == 0
              ? new Slo.Goodput(
                  10 + 90 * random.nextDouble(),
                  random.nextBoolean() ? null : (Double) scale,
                  3 * scale,
                  random.nextBoolean() ? null : (Double) scale,
                  random.nextBoolean() ? null : (Double) (10 * scale))
              : new Slo.LatencyLimit(
                  metrics[random.nextInt(metrics.length)],
                  PERCENTILES[random.nextInt(PERCENTILES.length)],
                  2 * scale));
    }
    return new Slo(conditions);
  }

  private static boolean isMet(
      Slo.Condition condition, Cluster cluster, Workload workload, List<Double> gaps) {
    if (condition instanceof Slo.Goodput goodput) {
      long good =
          IntStream.range(0, workload.size())
              .filter(r -> isGood(goodput, cluster.request(r), workload, r))
              .count();
      return 100.0 * good / workload.size() >= goodput.percent();
    }
    Slo.LatencyLimit limit = (Slo.LatencyLimit) condition;
    double[] sorted =
        limit.metric() == LatencyMetric.TBT
            ? gapsWithMissing(workload, gaps)
            : IntStream.range(0, workload.size())
                .filter(
                    r ->
                        limit.metric() != LatencyMetric.TPOT
                            || workload.request(r).outputTokens() > 1)
                .mapToDouble(r -> value(limit.metric(), cluster.request(r)))
                .sorted()
                .toArray();
    if (sorted.length == 0) {
      return true;
    }
    double position = (sorted.length - 1) * limit.percentile() / 100;
    int below = (int) position;
    double fraction = position - below;
    double percentile =
        fraction == 0
            ? sorted[below]
            : sorted[below] + fraction * (sorted[below + 1] - sorted[below]);
    // Infinite minus infinite: both are beyond any limit.
    return !Double.isNaN(percentile) && percentile <= limit.seconds();
  }

  private static double[] gapsWithMissing(Workload workload, List<Double> gaps) {
    int planned = workload.requests().stream().mapToInt(r -> r.outputTokens() - 1).sum();
    double[] all =
        Arrays.copyOf(gaps.stream().mapToDouble(g -> g).toArray(), Math.max(planned, gaps.size()));
    Arrays.fill(all, gaps.size(), all.length, Double.POSITIVE_INFINITY);
    Arrays.sort(all);
    return all;
  }

  private static boolean isGood(
      Slo.Goodput goodput, RequestProgress request, Workload workload, int r) {
    return isWithin(
            goodput.schedulingDelaySeconds(), value(LatencyMetric.SCHEDULING_DELAY, request))
        && isWithin(goodput.ttftSeconds(), value(LatencyMetric.TTFT, request))
        && (workload.request(r).outputTokens() == 1
            || isWithin(goodput.tpotSeconds(), value(LatencyMetric.TPOT, request)))
        && isWithin(goodput.e2eSeconds(), value(LatencyMetric.E2E, request));
  }

  private static boolean isWithin(Double limit, double value) {
    return limit == null || value <= limit;
  }

  private static double value(LatencyMetric metric, RequestProgress r) {
    double seconds =
        switch (metric) {
          case SCHEDULING_DELAY -> r.scheduledSeconds() - r.arrivalSeconds();
          case TTFT -> r.firstTokenSeconds() - r.arrivalSeconds();
          case E2E -> r.endSeconds() - r.arrivalSeconds();
          case TPOT -> (r.endSeconds() - r.firstTokenSeconds()) / (r.producedTokens() - 1);
          case TBT -> throw new AssertionError();
        };
    return Double.isNaN(seconds) ? Double.POSITIVE_INFINITY : seconds;
  }
}
