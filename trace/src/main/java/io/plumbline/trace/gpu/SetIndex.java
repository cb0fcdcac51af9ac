package io.plumbline.trace.gpu;

/** How a cache finds the set of a line. */
public enum SetIndex {
  LINEAR {
    @Override
    public int of(long line, int sets) {
      return (int) (line & sets - 1);
    }
  },
  /** The bits above the index, as many as the index has, are added to it. */
  XOR {
    @Override
    public int of(long line, int sets) {
      return (int) ((line ^ line >>> Integer.numberOfTrailingZeros(sets)) & sets - 1);
    }
  },
  /** The remainder of a polynomial division. */
  POLYNOMIAL {
    @Override
    public int of(long line, int sets) {
      return PolynomialHash.of(
          line >>> Integer.numberOfTrailingZeros(sets), (int) (line & sets - 1), sets);
    }
  };

  /**
   * @param line address divided by the line's bytes
   * @param sets a power of two
   */
  public abstract int of(long line, int sets);
}
