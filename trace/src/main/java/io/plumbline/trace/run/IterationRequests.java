package io.plumbline.trace.run;

import java.io.Serializable;
import java.util.Arrays;
import java.util.BitSet;

/** The requests that each iteration of a run works on, and with how many tokens: flat arrays. */
public final class IterationRequests implements Serializable {
  private static final long serialVersionUID = 1;

  private final int[] firstRow;
  private final int[] requestIds;
  private final int[] tokens;
  private final int[] contextTokens;
  private final BitSet prefill;

  private IterationRequests(Builder from) {
    this.firstRow = Arrays.copyOf(from.firstRow, from.iterations + 1);
    this.requestIds = Arrays.copyOf(from.requestIds, from.rows);
    this.tokens = Arrays.copyOf(from.tokens, from.rows);
    this.contextTokens = Arrays.copyOf(from.contextTokens, from.rows);
    this.prefill = (BitSet) from.prefill.clone();
  }

  /** Iterations, numbered from 0. */
  public int iterations() {
    return firstRow.length - 1;
  }

  /** Requests of an iteration. */
  public int size(int iteration) {
    return firstRow[iteration + 1] - firstRow[iteration];
  }

  /** Position in the workload of one of them. */
  public int requestId(int iteration, int index) {
    return requestIds[firstRow[iteration] + index];
  }

  /** Tokens of it in the iteration. */
  public int tokens(int iteration, int index) {
    return tokens[firstRow[iteration] + index];
  }

  /**
   * Tokens of it before the iteration: of the prompt, those prefilled already; in decode, the whole
   * context with the token at hand.
   */
  public int contextTokens(int iteration, int index) {
    return contextTokens[firstRow[iteration] + index];
  }

  /** Whether it is in its prefill. */
  public boolean isPrefill(int iteration, int index) {
    return prefill.get(firstRow[iteration] + index);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof IterationRequests that
        && Arrays.equals(firstRow, that.firstRow)
        && Arrays.equals(requestIds, that.requestIds)
        && Arrays.equals(tokens, that.tokens)
        && Arrays.equals(contextTokens, that.contextTokens)
        && prefill.equals(that.prefill);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(requestIds);
  }

  /** Takes iterations one after the other. */
  public static final class Builder {
    private int[] firstRow = new int[64];
    private int[] requestIds = new int[256];
    private int[] tokens = new int[256];
    private int[] contextTokens = new int[256];
    private final BitSet prefill = new BitSet();
    private int iterations;
    private int rows;

    /** A request of the iteration at hand. */
    public void add(int requestId, int itsTokens, int itsContextTokens, boolean isPrefill) {
      if (rows == requestIds.length) {
        int capacity = Math.multiplyExact(rows, 2);
        requestIds = Arrays.copyOf(requestIds, capacity);
        tokens = Arrays.copyOf(tokens, capacity);
        contextTokens = Arrays.copyOf(contextTokens, capacity);
      }
      requestIds[rows] = requestId;
      tokens[rows] = itsTokens;
      contextTokens[rows] = itsContextTokens;
      prefill.set(rows, isPrefill);
      rows++;
    }

    /** The iteration at hand has no more requests. */
    public void endIteration() {
      if (++iterations == firstRow.length) {
        firstRow = Arrays.copyOf(firstRow, iterations * 2);
      }
      firstRow[iterations] = rows;
    }

    public IterationRequests build() {
      return new IterationRequests(this);
    }
  }
}
