package io.plumbline.simulator.latency;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Interpolation of a profile, made once into flat tables for the sizes that a run will ask for;
 * sizes beyond the tables are interpolated when asked.
 */
final class InterpolatedTimes implements OperatorTimes {
  private final Map<Operator, MeasuredCurve> curves = new HashMap<>();
  private final MeasuredGrid decodeGrid;
  private final MeasuredGrid prefillGrid;
  private final int granularity;
  private final double[][] byTokens = new double[TokenOperator.values().length][];
  private final int maxBatchSize;
  private final int contexts;
  private final double[] decode;
  private final int maxChunk;
  private final double[] prefill;

  InterpolatedTimes(OperatorProfile profile, ProfiledSpec spec, TableLimits limits) {
    for (Operator operator : profile.operators()) {
      if (!(operator instanceof AttentionOperator)) {
        curves.put(operator, profile.curve(operator));
      }
    }
    this.decodeGrid = profile.decodeAttention();
    this.prefillGrid = profile.prefillAttention();
    this.granularity = spec.kvGranularityTokens();
    for (TokenOperator operator : TokenOperator.values()) {
      byTokens[operator.ordinal()] = tokenTable(operator, limits.maxBatchTokens());
    }
    this.maxBatchSize = limits.maxBatchSize();
    this.contexts = limits.maxRequestTokens() / granularity + 2;
    this.decode = new double[(maxBatchSize + 1) * contexts];
    for (int size = 1; size <= maxBatchSize; size++) {
      for (int context = 0; context < contexts; context++) {
        decode[size * contexts + context] = decodeGrid.ms(size, (double) context * granularity);
      }
    }
    this.maxChunk = limits.maxBatchTokens();
    // Filled on demand: a run visits few of these cells. NaN means not yet.
    this.prefill = new double[(maxChunk + 1) * contexts];
    Arrays.fill(prefill, Double.NaN);
  }

  private double[] tokenTable(TokenOperator operator, int maxTokens) {
    double[] table = new double[maxTokens + 8];
    MeasuredCurve curve = curves.get(operator);
    if (curve != null) {
      for (int tokens = 0; tokens < table.length; tokens++) {
        table[tokens] = curve.ms(tokens);
      }
    }
    return table;
  }

  @Override
  public double tokenOperatorMs(TokenOperator operator, int tokens) {
    double[] table = byTokens[operator.ordinal()];
    if (tokens < table.length) {
      return table[tokens];
    }
    MeasuredCurve curve = curves.get(operator);
    return curve == null ? 0 : curve.ms(tokens);
  }

  @Override
  public double decodeAttentionMs(int batchSize, int kvTokens) {
    int context = kvTokens / granularity;
    if (batchSize <= maxBatchSize && context < contexts && context * granularity == kvTokens) {
      return decode[batchSize * contexts + context];
    }
    return decodeGrid.ms(batchSize, kvTokens);
  }

  @Override
  public double prefillAttentionMs(int kvTokens, int chunkTokens) {
    int context = kvTokens / granularity;
    if (chunkTokens > maxChunk || context >= contexts || context * granularity != kvTokens) {
      return prefillGrid.ms(chunkTokens, kvTokens);
    }
    int cell = chunkTokens * contexts + context;
    if (Double.isNaN(prefill[cell])) {
      prefill[cell] = prefillGrid.ms(chunkTokens, kvTokens);
    }
    return prefill[cell];
  }

  @Override
  public double hostOperatorMs(HostOperator operator, int batchSize) {
    MeasuredCurve curve = curves.get(operator);
    return curve == null ? 0 : curve.ms(batchSize);
  }

  @Override
  public double afterPauseMs(int tokens) {
    MeasuredCurve curve = curves.get(PauseOperator.AFTER_PAUSE);
    return curve == null ? 0 : Math.max(0, curve.ms(tokens));
  }
}
