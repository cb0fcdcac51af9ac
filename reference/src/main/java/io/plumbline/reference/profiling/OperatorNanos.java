package io.plumbline.reference.profiling;

/** Times of one forward pass, in ns: of one layer where an operator is in every layer. */
public final class OperatorNanos {
  private final long[] nanos;

  /**
   * @param nanos by ordinal of {@link ProfiledOperator}; not copied
   */
  public OperatorNanos(long[] nanos) {
    if (nanos.length != ProfiledOperator.values().length) {
      throw new IllegalArgumentException(
          "%d times for %d operators".formatted(nanos.length, ProfiledOperator.values().length));
    }
    this.nanos = nanos;
  }

  /** Time of one call. */
  public long of(ProfiledOperator operator) {
    return nanos[operator.ordinal()];
  }
}
