package io.plumbline.reference.openai;

import io.plumbline.reference.replay.Stopwatch;
import io.plumbline.trace.run.RequestAttempt;
import io.plumbline.trace.run.RequestOutcome;
import io.plumbline.trace.run.RequestTiming;
import io.plumbline.trace.workload.Request;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/**
 * One sending of a request: notes when it left and when each chunk arrived, the latter as soon as
 * its bytes are handed over and before they are read. Whatever happens becomes part of the result.
 */
final class Exchange implements HttpResponse.BodyHandler<Void>, HttpResponse.BodySubscriber<Void> {
  private static final int OK = 200;

  /** The server looked at the request and did not take it; see RequestOutcome.REJECTED. */
  private static final Set<Integer> REFUSALS = Set.of(400, 413, 422, 429, 503);

  private static final int MAX_REFUSAL_BYTES = 2000;
  private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);

  /**
   * What became of it.
   *
   * @param tokenNanos time of each token
   */
  record Ended(RequestTiming timing, long[] tokenNanos, RequestAttempt attempt) {}

  private final Request request;
  private final int attempt;
  private final long plannedNanos;
  private final Stopwatch stopwatch;
  private final CompletableFuture<Void> body = new CompletableFuture<>();
  private final EventStream events = new EventStream(this::event);
  private final TokenTally tally = new TokenTally();
  private final StringBuilder refusal = new StringBuilder();

  private Flow.Subscription subscription;
  private Long sentNanos;
  private Integer status;
  private long arrivalNanos;
  private Integer promptTokens;
  private String finishReason;
  private boolean done;
  private String error;
  private boolean ended;

  /**
   * @param attempt number of the sending, from 0
   * @param plannedNanos when it is to leave
   */
  Exchange(Request request, int attempt, long plannedNanos, Stopwatch stopwatch) {
    this.request = request;
    this.attempt = attempt;
    this.plannedNanos = plannedNanos;
    this.stopwatch = stopwatch;
  }

  /** The body is handed to the socket. */
  synchronized void sent() {
    if (sentNanos == null) {
      sentNanos = stopwatch.nanos();
    }
  }

  @Override
  public synchronized HttpResponse.BodySubscriber<Void> apply(HttpResponse.ResponseInfo response) {
    status = response.statusCode();
    return this;
  }

  @Override
  public CompletionStage<Void> getBody() {
    return body;
  }

  @Override
  public synchronized void onSubscribe(Flow.Subscription newSubscription) {
    subscription = newSubscription;
    subscription.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    long nowNanos = stopwatch.nanos();
    synchronized (this) {
      arrivalNanos = nowNanos;
      for (ByteBuffer buffer : buffers) {
        if (error == null) {
          take(buffer);
        }
      }
      if (error != null) {
        subscription.cancel();
        body.complete(null);
      }
    }
  }

  private void take(ByteBuffer buffer) {
    if (status == OK) {
      try {
        events.accept(buffer);
      } catch (IllegalArgumentException e) {
        error = "malformed stream: " + e.getMessage();
      }
    } else if (refusal.length() < MAX_REFUSAL_BYTES) {
      refusal.append(StandardCharsets.UTF_8.decode(buffer));
    }
  }

  private void event(byte[] data, int length) {
    if (error != null || done) {
      return;
    }
    if (length == DONE.length && Arrays.equals(data, 0, length, DONE, 0, length)) {
      done = true;
      return;
    }
    Chunk chunk = Chunk.parse(data, length);
    if (chunk.error() != null) {
      error = chunk.error();
      return;
    }
    tally.add(arrivalNanos, chunk);
    if (chunk.promptTokens() != null) {
      promptTokens = chunk.promptTokens();
    }
    if (chunk.finishReason() != null) {
      finishReason = chunk.finishReason();
    }
  }

  @Override
  public void onError(Throwable failure) {
    body.completeExceptionally(failure);
  }

  @Override
  public void onComplete() {
    body.complete(null);
  }

  /** Ends it from outside, unless it has ended. */
  synchronized void abort(String reason) {
    if (!ended && error == null) {
      error = reason;
    }
    if (subscription != null) {
      subscription.cancel();
    }
  }

  /**
   * Takes stock; nothing that comes later counts.
   *
   * @param failure what broke the connection; null if nothing
   */
  synchronized Ended end(Throwable failure, Endpoint endpoint) {
    ended = true;
    long endNanos = stopwatch.nanos();
    TokenTally.Tokens tokens = tally.tokens();
    if (error == null) {
      error = failure == null ? complaint(tokens.nanos().length) : Failures.describe(failure);
    }
    RequestAttempt summary =
        new RequestAttempt(
            request.id(),
            attempt,
            plannedNanos,
            sentNanos,
            endNanos,
            status,
            tokens.chunks(),
            promptTokens,
            tally.completionTokens(),
            tokens.source(),
            endpoint.withoutKey(error));
    return new Ended(timing(tokens.nanos()), tokens.nanos(), summary);
  }

  /** What is wrong with a stream that came to its end; null if nothing. */
  private String complaint(int tokens) {
    if (status != OK) {
      return "HTTP %d: %s".formatted(status, Failures.shortened(refusal.toString()));
    }
    if (!done && finishReason == null) {
      return "the stream ended after %d of %d tokens, without a finish_reason or [DONE]"
          .formatted(tokens, request.outputTokens());
    }
    if (tokens != request.outputTokens()) {
      return "the server produced %d tokens where %d were asked for (finish_reason %s)"
          .formatted(tokens, request.outputTokens(), finishReason);
    }
    return null;
  }

  private RequestTiming timing(long[] tokenNanos) {
    RequestOutcome outcome = outcome();
    int tokens = tokenNanos.length;
    return new RequestTiming(
        request.id(),
        null,
        request.arrivalNanos(),
        null,
        tokens == 0 ? null : (Long) tokenNanos[0],
        outcome == RequestOutcome.COMPLETED ? (Long) tokenNanos[tokens - 1] : null,
        request.promptTokens(),
        request.outputTokens(),
        tokens,
        0,
        outcome);
  }

  private RequestOutcome outcome() {
    if (error == null) {
      return RequestOutcome.COMPLETED;
    }
    return status != null && REFUSALS.contains(status)
        ? RequestOutcome.REJECTED
        : RequestOutcome.FAILED;
  }
}
