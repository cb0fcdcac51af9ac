package io.plumbline.reference.profiling;

import io.plumbline.reference.serving.Batch;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongUnaryOperator;

/**
 * A model without a device: each operator takes its ordinal + 1 in us per token, attention as many
 * us as the batch has tokens of context. Every forward is counted.
 */
final class FakeTimer implements OperatorTimer {
  final List<Long> forwards = new ArrayList<>();
  private Batch batch;

  /** Multiplies the times of the n-th forward. */
  private final LongUnaryOperator disturbance;

  /** Whether the next forward comes after a pause, and what happens then. */
  boolean coldForward;

  Runnable onColdForward = () -> {};

  /** Iterations that were served to their end. */
  int served;

  FakeTimer() {
    this(n -> 1);
  }

  FakeTimer(LongUnaryOperator disturbance) {
    this.disturbance = disturbance;
  }

  static long nanos(ProfiledOperator operator, int tokens, int contextTokens) {
    return operator == ProfiledOperator.ATTENTION
        ? 1000L * contextTokens
        : 1000L * (operator.ordinal() + 1) * tokens;
  }

  @Override
  public OperatorNanos operatorNanos() {
    forwards.add((long) batch.totalTokens());
    long times = disturbance.applyAsLong(forwards.size());
    int context = 0;
    for (int i = 0; i < batch.size(); i++) {
      context += batch.request(i).computedTokens() + batch.tokens(i);
    }
    long[] nanos = new long[ProfiledOperator.values().length];
    for (ProfiledOperator operator : ProfiledOperator.values()) {
      nanos[operator.ordinal()] = times * nanos(operator, batch.totalTokens(), context);
    }
    return new OperatorNanos(nanos);
  }

  @Override
  public void prepare(Batch prepared) {
    batch = prepared;
  }

  @Override
  public void forward() {
    if (coldForward) {
      onColdForward.run();
      coldForward = false;
    }
  }

  @Override
  public long[] sample() {
    served++;
    int yielding = 0;
    for (int i = 0; i < batch.size(); i++) {
      yielding += batch.yields(i) ? 1 : 0;
    }
    return new long[yielding];
  }

  @Override
  public void close() {}
}
