package io.plumbline.reference.replay;

import io.plumbline.trace.model.ModelSpec;
import io.plumbline.trace.run.IterationTiming;
import io.plumbline.trace.run.RequestOutcome;
import io.plumbline.trace.run.RequestTiming;
import io.plumbline.trace.run.RunTrace;
import io.plumbline.trace.run.TokenTimes;
import io.plumbline.trace.workload.Request;
import io.plumbline.trace.workload.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongConsumer;

/**
 * Replays a workload on an engine of this JVM in real time: requests are served one at a time in
 * arrival order, never before they arrive, each with exactly its own prompt and output lengths. A
 * request that is longer than the model's positions is rejected. Prompts are random token ids,
 * drawn per request from the seed; shared prefixes are not reproduced, since the engine shares
 * none.
 */
public final class Replay implements PreparedRun {
  private static final int REPLICA = 0;
  private static final int STAGE = 0;

  private final ReferenceEngine engine;
  private final ModelSpec model;
  private final Workload workload;
  private final long seed;

  public Replay(ReferenceEngine engine, ModelSpec model, Workload workload, long seed) {
    this.engine = engine;
    this.model = model;
    this.workload = workload;
    this.seed = seed;
  }

  /**
   * Longest context that a replay reaches, in tokens: what the engine must hold.
   *
   * @throws IllegalArgumentException if the model has too few positions for every request
   */
  public static int maxContextTokens(ModelSpec model, Workload workload) {
    long max = 0;
    for (Request request : workload.requests()) {
      if (fits(request, model)) {
        max = Math.max(max, request.totalTokens());
      }
    }
    if (max == 0) {
      throw new IllegalArgumentException(
          "no request of %s fits into the %d positions of model %s. Maybe use shorter requests or another model."
              .formatted(workload, model.maxPositions(), model.name()));
    }
    return Math.toIntExact(max);
  }

  private static boolean fits(Request request, ModelSpec model) {
    return request.totalTokens() <= model.maxPositions();
  }

  /** The first requests of the workload, starting over where it is shorter. */
  @Override
  public void warmUp(int requests) {
    SplittableRandom random = new SplittableRandom(~seed);
    List<Request> served = workload.requests().stream().filter(r -> fits(r, model)).toList();
    for (int i = 0; i < requests && !served.isEmpty(); i++) {
      Request request = served.get(i % served.size());
      engine.generate(promptIds(request, random), request.outputTokens(), token -> {});
    }
  }

  @Override
  public RunTrace run(Stopwatch stopwatch, RunCounts counts) {
    SplittableRandom random = new SplittableRandom(seed);
    List<RequestTiming> timings = new ArrayList<>(workload.size());
    List<IterationTiming> iterations = new ArrayList<>();
    long[][] tokenNanos = new long[workload.size()][];
    for (Request request : workload.requests()) {
      // One generator per request: its prompt does not depend on the lengths of those before it.
      SplittableRandom own = random.split();
      counts.start();
      if (fits(request, model)) {
        TokenClock tokens = new TokenClock(request, stopwatch);
        long scheduledNanos = serve(request, promptIds(request, own), stopwatch, tokens);
        timings.add(completed(request, scheduledNanos, tokens.nanos));
        addIterations(iterations, request, scheduledNanos, tokens.nanos);
        tokenNanos[request.id()] = tokens.nanos;
      } else {
        timings.add(rejected(request));
        tokenNanos[request.id()] = new long[0];
      }
      counts.end();
    }
    return new RunTrace(timings, iterations, TokenTimes.of(tokenNanos))
        .requireAccountsFor(workload);
  }

  @Override
  public EngineFacts facts() {
    return engine.facts();
  }

  @Override
  public void close() {
    engine.close();
  }

  /** Returns when the engine took the request, in ns from the start. */
  private long serve(Request request, long[] promptIds, Stopwatch stopwatch, TokenClock tokens) {
    stopwatch.waitUntil(request.arrivalNanos());
    long scheduledNanos = stopwatch.nanos();
    engine.generate(promptIds, request.outputTokens(), tokens);
    tokens.requireAll();
    return scheduledNanos;
  }

  private long[] promptIds(Request request, SplittableRandom random) {
    return random.longs(request.promptTokens(), 0, model.vocabularySize()).toArray();
  }

  private static RequestTiming completed(Request request, long scheduledNanos, long[] tokenNanos) {
    return new RequestTiming(
        request.id(),
        REPLICA,
        request.arrivalNanos(),
        scheduledNanos,
        tokenNanos[0],
        tokenNanos[tokenNanos.length - 1],
        request.promptTokens(),
        request.outputTokens(),
        tokenNanos.length,
        0,
        RequestOutcome.COMPLETED);
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

  /** The prefill produces the first token, every later iteration one more. */
  private static void addIterations(
      List<IterationTiming> iterations, Request request, long scheduledNanos, long[] tokenNanos) {
    long startNanos = scheduledNanos;
    for (int token = 0; token < tokenNanos.length; token++) {
      iterations.add(
          new IterationTiming(
              REPLICA,
              STAGE,
              iterations.size(),
              startNanos,
              tokenNanos[token] - startNanos,
              1,
              token == 0 ? request.promptTokens() : 0,
              token == 0 ? 0 : 1,
              null));
      startNanos = tokenNanos[token];
    }
  }

  /** Notes the time of each token; does nothing else, as the engine waits for it. */
  private static final class TokenClock implements LongConsumer {
    private final int requestId;
    private final Stopwatch stopwatch;
    private final long[] nanos;
    private int produced;

    TokenClock(Request request, Stopwatch stopwatch) {
      this.requestId = request.id();
      this.stopwatch = stopwatch;
      this.nanos = new long[request.outputTokens()];
    }

    @Override
    public void accept(long token) {
      if (produced < nanos.length) {
        nanos[produced] = stopwatch.nanos();
      }
      produced++;
    }

    void requireAll() {
      if (produced != nanos.length) {
        throw new IllegalStateException(
            "Request (%d): the engine produced %d tokens where %d were asked for"
                .formatted(requestId, produced, nanos.length));
      }
    }
  }
}
