package io.plumbline.reference.serving;

import io.plumbline.reference.replay.Stopwatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A model and the clock that it moves: 3 ns to prepare, 10 ns per token to compute, 2 ns to sample.
 * It keeps a real cache of token ids and reads every token of a context back from it, so that a
 * block held twice or a token computed twice or never is found. The next token is a function of the
 * whole context.
 */
class FakeModel implements ModelExecutor, Stopwatch {
  static final long PREPARE_NANOS = 3;
  static final long NANOS_PER_TOKEN = 10;
  static final long SAMPLE_NANOS = 2;

  final List<List<Integer>> batches = new ArrayList<>();
  private final long[] cache;
  private Batch batch;
  private long[] next;
  private long nowNanos;

  FakeModel(long slots) {
    cache = new long[Math.toIntExact(slots)];
    Arrays.fill(cache, -1);
  }

  @Override
  public void prepare(Batch prepared) {
    batch = prepared;
    nowNanos += PREPARE_NANOS;
    batches.add(idsOf(prepared));
  }

  private static List<Integer> idsOf(Batch batch) {
    List<Integer> ids = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      ids.add(batch.request(i).id());
    }
    return ids;
  }

  @Override
  public void forward() {
    nowNanos += NANOS_PER_TOKEN * batch.totalTokens();
    for (int i = 0; i < batch.size(); i++) {
      ServedRequest request = batch.request(i);
      int from = request.computedTokens();
      for (int position = from; position < from + batch.tokens(i); position++) {
        cache[request.slot(position)] = written(request, position);
      }
    }
    List<Long> tokens = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      long token = contextHash(batch.request(i), batch.tokens(i));
      if (batch.yields(i)) {
        tokens.add(token);
      }
    }
    next = tokens.stream().mapToLong(Long::longValue).toArray();
  }

  private long contextHash(ServedRequest request, int tokens) {
    long hash = 17;
    for (int position = 0; position < request.computedTokens() + tokens; position++) {
      if (cache[request.slot(position)] != written(request, position)) {
        throw new AssertionError(
            "Request (%d): position %d is not in its slot".formatted(request.id(), position));
      }
      hash = 31 * hash + request.tokenId(position);
    }
    return Math.floorMod(hash, 1000L);
  }

  private static long written(ServedRequest request, int position) {
    return (request.id() * 1_000_000L + position) * 1000 + request.tokenId(position);
  }

  @Override
  public long[] sample() {
    nowNanos += SAMPLE_NANOS;
    return next;
  }

  @Override
  public void close() {}

  @Override
  public long nanos() {
    return nowNanos;
  }

  @Override
  public void waitUntil(long nanos) {
    nowNanos = Math.max(nowNanos, nanos);
  }
}
