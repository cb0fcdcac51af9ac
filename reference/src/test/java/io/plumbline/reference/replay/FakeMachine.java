package io.plumbline.reference.replay;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * An engine and the clock it moves: a prefill takes 10 ns per prompt token, a decode step 7 ns, and
 * nothing else takes any time.
 */
final class FakeMachine implements ReferenceEngine, Stopwatch {
  static final long PREFILL_NANOS_PER_TOKEN = 10;
  static final long DECODE_NANOS = 7;

  final List<long[]> prompts = new ArrayList<>();
  private int missingTokens;
  private long nowNanos;

  FakeMachine producing(int fewer) {
    missingTokens = fewer;
    return this;
  }

  @Override
  public void generate(long[] promptIds, int outputTokens, LongConsumer onToken) {
    prompts.add(promptIds);
    nowNanos += PREFILL_NANOS_PER_TOKEN * promptIds.length;
    onToken.accept(0);
    for (int token = 1; token < outputTokens - missingTokens; token++) {
      nowNanos += DECODE_NANOS;
      onToken.accept(token);
    }
  }

  @Override
  public EngineFacts facts() {
    return new EngineFacts("fake", "none", Map.of());
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
