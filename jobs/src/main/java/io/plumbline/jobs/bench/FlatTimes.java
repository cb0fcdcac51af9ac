package io.plumbline.jobs.bench;

import io.plumbline.jobs.profile.DumpedTables;
import io.plumbline.simulator.latency.AttentionOperator;
import io.plumbline.simulator.latency.HostOperator;
import io.plumbline.simulator.latency.Operator;
import io.plumbline.simulator.latency.OperatorTimes;
import io.plumbline.simulator.latency.TokenOperator;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Recorded prediction tables as flat arrays, as a run with trained operators has them. What has no
 * row is NaN, which ends a run.
 */
final class FlatTimes implements OperatorTimes {
  private static final int KV_GRANULARITY_TOKENS = 64;

  private final double[][] byTokens = new double[TokenOperator.values().length][0];
  private final double[][] byBatchSize = new double[HostOperator.values().length][0];
  private double[][] decode = new double[0][];
  private double[][] prefill = new double[0][];

  /** Reads the tables of a folder, with contexts in Vidur's steps of 64 tokens. */
  static FlatTimes read(Path folder) {
    FlatTimes times = new FlatTimes();
    DumpedTables.read(folder).forEach(times::put);
    return times;
  }

  private void put(Operator operator, int first, long second, double ms) {
    if (operator instanceof TokenOperator tokens) {
      byTokens[tokens.ordinal()] = with(byTokens[tokens.ordinal()], first, ms);
    } else if (operator instanceof HostOperator host) {
      byBatchSize[host.ordinal()] = with(byBatchSize[host.ordinal()], first, ms);
    } else if (operator == AttentionOperator.DECODE) {
      decode = with(decode, first, (int) second / KV_GRANULARITY_TOKENS, ms);
    } else {
      prefill = with(prefill, (int) Math.sqrt(second), first / KV_GRANULARITY_TOKENS, ms);
    }
  }

  private static double[][] with(double[][] table, int row, int column, double ms) {
    double[][] grown = row < table.length ? table : Arrays.copyOf(table, row + 1 + row / 2);
    grown[row] = with(grown[row] == null ? new double[0] : grown[row], column, ms);
    return grown;
  }

  private static double[] with(double[] table, int index, double ms) {
    double[] grown = table;
    if (index >= table.length) {
      grown = Arrays.copyOf(table, index + 1 + index / 2);
      Arrays.fill(grown, table.length, grown.length, Double.NaN);
    }
    grown[index] = ms;
    return grown;
  }

  @Override
  public double tokenOperatorMs(TokenOperator operator, int tokens) {
    return byTokens[operator.ordinal()][tokens];
  }

  @Override
  public double decodeAttentionMs(int batchSize, int kvTokens) {
    return decode[batchSize][kvTokens / KV_GRANULARITY_TOKENS];
  }

  @Override
  public double prefillAttentionMs(int kvTokens, int chunkTokens) {
    return prefill[chunkTokens][kvTokens / KV_GRANULARITY_TOKENS];
  }

  @Override
  public double hostOperatorMs(HostOperator operator, int batchSize) {
    return byBatchSize[operator.ordinal()][batchSize];
  }
}
