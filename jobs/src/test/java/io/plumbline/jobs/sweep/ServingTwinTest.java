package io.plumbline.jobs.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.files.workload.PathResolver;
import io.plumbline.jobs.TinyProfile;
import io.plumbline.reference.replay.EngineFacts;
import io.plumbline.reference.replay.RunCounts;
import io.plumbline.reference.replay.Stopwatch;
import io.plumbline.reference.serving.Batch;
import io.plumbline.reference.serving.ModelExecutor;
import io.plumbline.reference.serving.ServingPlan;
import io.plumbline.reference.serving.ServingRun;
import io.plumbline.simulator.Recording;
import io.plumbline.simulator.SimulationSpec;
import io.plumbline.simulator.Simulator;
import io.plumbline.simulator.batching.SarathiSpec;
import io.plumbline.simulator.batching.SchedulerSpec;
import io.plumbline.simulator.batching.VllmV1Spec;
import io.plumbline.simulator.kvcache.KvCacheSpec;
import io.plumbline.simulator.latency.RooflineSpec;
import io.plumbline.trace.run.RequestTiming;
import io.plumbline.trace.run.RunTrace;
import io.plumbline.trace.workload.Request;
import io.plumbline.trace.workload.Workload;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Simulator and serving engine state the same scheduling rules without knowing each other. With all
 * requests there at the start no time enters the rules, so both must form the same batches.
 */
final class ServingTwinTest {
  private static final Path HOME = Path.of(System.getProperty("plumbline.home"));
  private static final int CASES = 300;

  @TempDir Path folder;

  @Test
  void theSameRequestsGiveTheSameSequenceOfBatches() {
    TinyProfile.writeForQuickstart(folder);
    SimulationSpec base = base();
    int preempted = 0;
    int rejected = 0;
    for (int seed = 0; seed < CASES; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Workload workload = workload(random);
      SarathiSpec scheduler = new SarathiSpec(1 + random.nextInt(120), 1 + random.nextInt(12));
      KvCacheSpec cache =
          new KvCacheSpec(
              1 + random.nextInt(20), 12 + random.nextInt(60), 0, random.nextInt(3) * 0.05, null);
      if (workload.requests().stream().noneMatch(r -> fits(r, cache))) {
        continue;
      }

      RunTrace simulated = simulated(base, scheduler, cache, workload);
      RunTrace served =
          served(
              base,
              new io.plumbline.reference.serving.SarathiSpec(
                  scheduler.tokenBudget(), scheduler.maxBatchSize()),
              new io.plumbline.reference.serving.KvCacheSpec(
                  cache.blockTokens(), cache.blocks(), cache.watermarkFraction()),
              workload);

      assertThat(batches(served)).as("seed %d", seed).isEqualTo(batches(simulated));
      assertThat(fates(served)).as("seed %d", seed).isEqualTo(fates(simulated));
      preempted += served.requests().stream().mapToInt(RequestTiming::preemptions).sum();
      rejected += served.requests().stream().anyMatch(r -> r.scheduledNanos() == null) ? 1 : 0;
    }
    // Not vacuous: the limits did bind.
    assertThat(preempted).isGreaterThan(CASES / 4);
    assertThat(rejected).isGreaterThan(CASES / 20);
  }

  private SimulationSpec base() {
    return SweepPlanner.plan(
            HOME.resolve("conf/quickstart/twin.yaml"),
            HOME.resolve("models"),
            new PathResolver(List.of(HOME, folder), null))
        .points()
        .get(0)
        .spec();
  }

  @Test
  void theSameHoldsForVllmV1() {
    TinyProfile.writeForQuickstart(folder);
    SimulationSpec base = base();
    int preempted = 0;
    for (int seed = 0; seed < CASES; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Workload workload = workload(random);
      int seqs = 1 + random.nextInt(12);
      int budget = seqs + random.nextInt(120);
      int threshold = random.nextBoolean() ? 0 : 1 + random.nextInt(60);
      int blockTokens = 1 + random.nextInt(20);
      int longest =
          workload.requests().stream().mapToInt(r -> (int) r.totalTokens()).max().orElseThrow();
      int blocks = (longest + blockTokens - 1) / blockTokens + random.nextInt(12);

      // One block of vLLM's holds nothing.
      RunTrace simulated =
          simulated(
              base,
              vllmV1(seqs, budget, threshold),
              new KvCacheSpec(blockTokens, blocks + 1, 0, 0.0, null),
              workload);
      RunTrace served =
          served(
              base,
              new io.plumbline.reference.serving.VllmV1Spec(seqs, budget, threshold),
              new io.plumbline.reference.serving.KvCacheSpec(blockTokens, blocks, 0),
              workload);

      assertThat(batches(served)).as("seed %d", seed).isEqualTo(batches(simulated));
      assertThat(fates(served)).as("seed %d", seed).isEqualTo(fates(simulated));
      preempted += served.requests().stream().mapToInt(RequestTiming::preemptions).sum();
    }
    assertThat(preempted).isGreaterThan(CASES / 4);
  }

  private static VllmV1Spec vllmV1(int seqs, int budget, int threshold) {
    VllmV1Spec usual = VllmV1Spec.defaults();
    return new VllmV1Spec(
        seqs,
        budget,
        threshold,
        true,
        usual.policy(),
        true,
        false,
        false,
        null,
        usual.cudagraphMode(),
        null,
        false);
  }

  private static Workload workload(SplittableRandom random) {
    int prompt = 1 + random.nextInt(150);
    int output = 1 + random.nextInt(60);
    return new Workload(
        IntStream.range(0, 1 + random.nextInt(25))
            .mapToObj(
                i -> new Request(i, 0, 1 + random.nextInt(prompt), 1 + random.nextInt(output)))
            .toList());
  }

  private static boolean fits(Request request, KvCacheSpec cache) {
    int watermark = (int) (cache.watermarkFraction() * cache.blocks());
    return request.totalTokens() <= (long) (cache.blocks() - watermark) * cache.blockTokens();
  }

  private static RunTrace simulated(
      SimulationSpec base, SchedulerSpec scheduler, KvCacheSpec cache, Workload workload) {
    SimulationSpec spec =
        new SimulationSpec(
            base.deployment(),
            1,
            base.router(),
            scheduler,
            cache,
            RooflineSpec.defaults(),
            base.compatibility(),
            null);
    return Simulator.run(
        spec,
        workload,
        Simulator.predictor(spec, workload, (root, deployment) -> null),
        Recording.ITERATIONS);
  }

  private static RunTrace served(
      SimulationSpec base,
      io.plumbline.reference.serving.SchedulerSpec scheduler,
      io.plumbline.reference.serving.KvCacheSpec cache,
      Workload workload) {
    ServingPlan plan = ServingPlan.of(base.deployment().model(), workload, scheduler, cache);
    try (ServingRun run =
        new ServingRun(plan, new NoModel(), new EngineFacts("none", null, Map.of()), 1)) {
      return run.run(new NoTime(), new RunCounts());
    }
  }

  private static List<List<Integer>> batches(RunTrace trace) {
    return trace.iterations().stream()
        .map(
            it -> List.of(it.batchSize(), it.prefillTokens(), it.decodeTokens(), it.kvBlocksUsed()))
        .toList();
  }

  private static List<String> fates(RunTrace trace) {
    List<String> fates = new ArrayList<>();
    for (RequestTiming r : trace.requests()) {
      fates.add(r.outcome() + " " + r.producedTokens() + " " + r.preemptions());
    }
    return fates;
  }

  /** Gives any token at once. */
  private static final class NoModel implements ModelExecutor {
    private Batch batch;

    @Override
    public void prepare(Batch prepared) {
      batch = prepared;
    }

    @Override
    public void forward() {
      // Nothing to compute.
    }

    @Override
    public long[] sample() {
      return new long[(int) IntStream.range(0, batch.size()).filter(batch::yields).count()];
    }

    @Override
    public void close() {
      // Holds nothing.
    }
  }

  private static final class NoTime implements Stopwatch {
    @Override
    public long nanos() {
      return 0;
    }

    @Override
    public void waitUntil(long nanos) {
      throw new AssertionError("everything is there at the start");
    }
  }
}
