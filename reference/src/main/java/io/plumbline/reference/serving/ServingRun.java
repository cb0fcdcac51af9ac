package io.plumbline.reference.serving;

import io.plumbline.reference.replay.EngineFacts;
import io.plumbline.reference.replay.PreparedRun;
import io.plumbline.reference.replay.RunCounts;
import io.plumbline.reference.replay.Stopwatch;
import io.plumbline.trace.run.IterationTiming;
import io.plumbline.trace.run.RequestOutcome;
import io.plumbline.trace.run.RequestTiming;
import io.plumbline.trace.run.RunTrace;
import io.plumbline.trace.run.TokenTimes;
import io.plumbline.trace.workload.Request;
import io.plumbline.trace.workload.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * A workload on a model in this JVM. Each request gets exactly its own prompt and output lengths;
 * prompts are random token ids, drawn per request from the seed, so that shared prefixes are not
 * reproduced: the engine shares none. A request that can never fit is rejected when it arrives.
 */
public final class ServingRun implements PreparedRun {
  private final ServingPlan plan;
  private final ModelExecutor executor;
  private final EngineFacts facts;
  private final long seed;
  private final Map<String, String> warmup = new TreeMap<>();

  /**
   * @param executor holds a cache of the plan's size; closed with this run
   * @param facts what the executor is
   * @param seed seed of the prompts
   */
  public ServingRun(ServingPlan plan, ModelExecutor executor, EngineFacts facts, long seed) {
    this.plan = plan;
    this.executor = executor;
    this.facts = facts;
    this.seed = seed;
  }

  /** The first requests that fit, all at once, starting over where the workload is shorter. */
  @Override
  public void warmUp(int requests) {
    SplittableRandom random = new SplittableRandom(~seed);
    List<Request> fitting = plan.workload().requests().stream().filter(plan::fits).toList();
    List<ServedRequest> served = new ArrayList<>();
    for (int i = 0; i < requests; i++) {
      Request like = fitting.get(i % fitting.size());
      served.add(served(new Request(i, 0, like.promptTokens(), like.outputTokens()), random));
    }
    Stopwatch stopwatch = Stopwatch.start();
    List<IterationTiming> iterations = serve(served, stopwatch, new RunCounts());
    warmup.put("warmup_iterations", Integer.toString(iterations.size()));
    warmup.put("warmup_ms", Long.toString(stopwatch.nanos() / 1_000_000));
  }

  @Override
  public RunTrace run(Stopwatch stopwatch, RunCounts counts) {
    SplittableRandom random = new SplittableRandom(seed);
    List<ServedRequest> served = new ArrayList<>();
    for (Request request : plan.workload().requests()) {
      // One generator per request: its prompt does not depend on the lengths of those before it.
      SplittableRandom own = random.split();
      if (plan.fits(request)) {
        served.add(served(request, own));
      } else {
        counts.start();
        counts.end();
      }
    }
    return trace(served, serve(served, stopwatch, counts));
  }

  private ServedRequest served(Request request, SplittableRandom random) {
    long[] promptIds =
        random.longs(request.promptTokens(), 0, plan.model().vocabularySize()).toArray();
    return new ServedRequest(request, promptIds, plan.blockTokens());
  }

  private List<IterationTiming> serve(
      List<ServedRequest> requests, Stopwatch stopwatch, RunCounts counts) {
    KvBlocks blocks = plan.newBlocks();
    return new ServingLoop(executor, plan.scheduler().create(blocks), blocks)
        .serve(requests, stopwatch, counts);
  }

  private RunTrace trace(List<ServedRequest> served, List<IterationTiming> iterations) {
    Workload workload = plan.workload();
    RequestTiming[] timings = new RequestTiming[workload.size()];
    long[][] tokenNanos = new long[workload.size()][0];
    for (ServedRequest request : served) {
      timings[request.id()] = request.completed();
      tokenNanos[request.id()] = request.tokenNanos();
    }
    for (Request request : workload.requests()) {
      if (timings[request.id()] == null) {
        timings[request.id()] = rejected(request);
      }
    }
    return new RunTrace(List.of(timings), iterations, TokenTimes.of(tokenNanos))
        .requireAccountsFor(workload);
  }

  private static RequestTiming rejected(Request request) {
    return new RequestTiming(
        request.id(),
        null,
        request.arrivalNanos(),
        null,
        null,
        null,
        request.promptTokens(),
        request.outputTokens(),
        0,
        0,
        RequestOutcome.REJECTED);
  }

  @Override
  public EngineFacts facts() {
    Map<String, String> software = new TreeMap<>(facts.software());
    software.put("clock", "engine");
    software.put("kv_blocks", Integer.toString(plan.blocks()));
    software.putAll(warmup);
    return new EngineFacts(facts.engine(), facts.device(), software);
  }

  @Override
  public void close() {
    executor.close();
  }
}
