package io.plumbline.reference.openai;

import io.plumbline.reference.replay.RunCounts;
import io.plumbline.reference.replay.Stopwatch;
import io.plumbline.trace.run.RequestAttempt;
import io.plumbline.trace.run.RequestTiming;
import io.plumbline.trace.workload.Request;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Sends requests at their arrivals, whatever became of those before them, and waits for all to end.
 */
final class OpenLoop implements AutoCloseable {

  /**
   * A request that ended.
   *
   * @param attempts all its sendings, the last of which gave the times
   */
  record Served(RequestTiming timing, long[] tokenNanos, List<RequestAttempt> attempts) {}

  private static final double MILLIS_PER_SECOND = 1e3;

  private final Endpoint endpoint;
  private final String path;
  private final Patience patience;
  private final Stopwatch stopwatch;
  private final RunCounts counts;
  private final ScheduledThreadPoolExecutor timer;

  OpenLoop(
      Endpoint endpoint, String path, Patience patience, Stopwatch stopwatch, RunCounts counts) {
    this.endpoint = endpoint;
    this.path = path;
    this.patience = patience;
    this.stopwatch = stopwatch;
    this.counts = counts;
    this.timer =
        new ScheduledThreadPoolExecutor(
            1,
            work -> {
              Thread thread = new Thread(work, "timer");
              thread.setDaemon(true);
              return thread;
            });
    timer.setRemoveOnCancelPolicy(true);
  }

  /**
   * Serves requests.
   *
   * @param bodies theirs, in their order
   */
  List<Served> run(List<Request> requests, BodyQueue bodies) throws InterruptedException {
    List<CompletableFuture<Served>> running = new ArrayList<>(requests.size());
    for (Request request : requests) {
      byte[] body = bodies.take();
      stopwatch.waitUntil(request.arrivalNanos());
      counts.start();
      CompletableFuture<Served> served =
          serve(request, body, 0, request.arrivalNanos(), new ArrayList<>());
      running.add(served.whenComplete((ended, failure) -> counts.end()));
    }
    List<Served> all = new ArrayList<>(running.size());
    for (CompletableFuture<Served> served : running) {
      all.add(get(served));
    }
    return all;
  }

  private static Served get(CompletableFuture<Served> served) throws InterruptedException {
    try {
      return served.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the replay itself broke", e.getCause());
    }
  }

  private CompletableFuture<Served> serve(
      Request request, byte[] body, int attempt, long plannedNanos, List<RequestAttempt> attempts) {
    Exchange exchange = new Exchange(request, attempt, plannedNanos, stopwatch);
    CompletableFuture<HttpResponse<Void>> response = endpoint.send(path, body, exchange);
    Future<?> timeout =
        timer.schedule(
            () -> {
              exchange.abort(timeoutText());
              response.cancel(true);
            },
            patience.timeout().toNanos(),
            TimeUnit.NANOSECONDS);
    return response
        .handle(
            (ignored, failure) -> {
              timeout.cancel(false);
              return exchange.end(failure, endpoint);
            })
        .thenCompose(
            ended -> {
              attempts.add(ended.attempt());
              return ended.attempt().error() != null && attempt < patience.retries()
                  ? retry(request, body, attempt + 1, attempts)
                  : CompletableFuture.completedFuture(
                      new Served(ended.timing(), ended.tokenNanos(), List.copyOf(attempts)));
            });
  }

  private String timeoutText() {
    return String.format(
        Locale.ROOT, "no end within %.1f s", patience.timeout().toMillis() / MILLIS_PER_SECOND);
  }

  private CompletableFuture<Served> retry(
      Request request, byte[] body, int attempt, List<RequestAttempt> attempts) {
    long delayNanos = patience.retryDelay().toNanos();
    long plannedNanos = stopwatch.nanos() + delayNanos;
    return CompletableFuture.supplyAsync(
            () -> serve(request, body, attempt, plannedNanos, attempts),
            later -> timer.schedule(later, delayNanos, TimeUnit.NANOSECONDS))
        .thenCompose(Function.identity());
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
