package io.plumbline.reference.openai;

import io.plumbline.trace.workload.Request;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * The bodies of requests in order, made ahead of time on a thread of their own: a long prompt must
 * not delay its sending.
 */
final class BodyQueue implements AutoCloseable {
  private static final int MOST_AHEAD = 1024;
  private static final long MOST_TOKENS_AHEAD = 16 << 20;

  private final ExecutorService maker;
  private final Iterator<Request> requests;
  private final Function<Request, byte[]> form;
  private final ArrayDeque<Future<byte[]>> ahead = new ArrayDeque<>();

  BodyQueue(List<Request> requests, Function<Request, byte[]> form) {
    this.requests = requests.iterator();
    this.form = form;
    this.maker =
        Executors.newSingleThreadExecutor(
            work -> {
              Thread thread = new Thread(work, "prompts");
              thread.setDaemon(true);
              return thread;
            });
    long longest = requests.stream().mapToLong(Request::promptTokens).max().orElse(1);
    long many = Math.min(MOST_AHEAD, Math.max(1, MOST_TOKENS_AHEAD / longest));
    for (long i = 0; i < many; i++) {
      makeNext();
    }
  }

  private void makeNext() {
    if (requests.hasNext()) {
      Request request = requests.next();
      ahead.add(maker.submit(() -> form.apply(request)));
    }
  }

  /** Waits until all is made that is to be made ahead. */
  void awaitAhead() throws InterruptedException {
    for (Future<byte[]> body : ahead) {
      get(body);
    }
  }

  /** The next body. */
  byte[] take() throws InterruptedException {
    Future<byte[]> body = ahead.remove();
    makeNext();
    return get(body);
  }

  private static byte[] get(Future<byte[]> body) throws InterruptedException {
    try {
      return body.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("cannot make the body of a request", e.getCause());
    }
  }

  @Override
  public void close() {
    maker.shutdownNow();
  }
}
