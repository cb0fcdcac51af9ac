package io.plumbline.simulator.latency;

import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.learning.TrainedModel;

/**
 * Trained models evaluated once on Vidur's grids: tokens from 1, requests from 1 by contexts in
 * steps from 0, chunks from 1 by such contexts. Below what was measured a model answers as it does.
 *
 * <p>Beyond the tables, Vidur's run ends with an error. The standard behaviour is to scale the time
 * at the edge by the work: in proportion to tokens, to requests times context, to chunk times
 * (context + half the chunk). A forest of its own would answer with a constant there, a polynomial
 * with anything. Nor is a standard time ever negative, as a polynomial's may be.
 */
final class TrainedTimes implements OperatorTimes {
  private static final String MAX_REQUEST_TOKENS = "prediction_max_request_tokens";
  private static final String MAX_BATCH_SIZE = "prediction_max_batch_size";
  private static final String MAX_CHUNK_TOKENS = "prediction_max_chunk_tokens";

  private final TrainedOperators trained;
  private final Compatibility compatibility;
  private final int granularity;
  private final int maxTokens;
  private final int maxBatchSize;
  private final int maxChunkTokens;

  /** Most tokens that Vidur's token tables have an entry for. */
  private final long vidurMaxTokens;

  private final double[][] byTokens = new double[TokenOperator.values().length][];
  private final double[][] byBatchSize = new double[HostOperator.values().length][];

  /** Steps of the context. */
  private final int contexts;

  private final double[] decode;
  private final double[] prefill;

  TrainedTimes(
      TrainedOperators trained, LearnedSpec spec, TableLimits limits, Compatibility compatibility) {
    this.trained = trained;
    this.compatibility = compatibility;
    this.granularity = spec.kvGranularityTokens();
    this.maxTokens = spec.predictionMaxRequestTokens();
    this.maxBatchSize = spec.predictionMaxBatchSize();
    this.maxChunkTokens = spec.predictionMaxChunkTokens();
    this.vidurMaxTokens =
        limits.vidurTablesHoldWholeBatches() ? (long) maxTokens * maxBatchSize : maxTokens;
    this.contexts = maxTokens / granularity + 1;
    for (TokenOperator operator : TokenOperator.values()) {
      byTokens[operator.ordinal()] = table(operator, maxTokens);
    }
    for (HostOperator operator : HostOperator.values()) {
      byBatchSize[operator.ordinal()] = table(operator, maxBatchSize);
    }
    this.decode = decodeTable(trained.models().get(AttentionOperator.DECODE));
    this.prefill = prefillTable(trained.models().get(AttentionOperator.PREFILL));
  }

  /** Times from 0 to a greatest size, the first unused; null without a model. */
  private double[] table(Operator operator, int greatest) {
    TrainedModel model = trained.models().get(operator);
    if (model == null) {
      return null;
    }
    double[] table = new double[greatest + 1];
    for (int size = 1; size <= greatest; size++) {
      table[size] = possible(model.predict(size));
    }
    return table;
  }

  private double[] decodeTable(TrainedModel model) {
    double[] table = new double[(maxBatchSize + 1) * contexts];
    for (int size = 1; size <= maxBatchSize; size++) {
      for (int context = 0; context < contexts; context++) {
        double kvTokens = (double) context * granularity;
        table[size * contexts + context] = possible(model.predict(size, kvTokens));
      }
    }
    return table;
  }

  private double[] prefillTable(TrainedModel model) {
    double[] table = new double[Math.multiplyExact(maxChunkTokens + 1, contexts)];
    for (int chunk = 1; chunk <= maxChunkTokens; chunk++) {
      for (int context = 0; context < contexts; context++) {
        double kvTokens = (double) context * granularity;
        table[chunk * contexts + context] =
            possible(model.predict(kvTokens, (double) chunk * chunk));
      }
    }
    return table;
  }

  private double possible(double ms) {
    return compatibility == Compatibility.VIDUR ? ms : Math.max(0, ms);
  }

  @Override
  public double tokenOperatorMs(TokenOperator operator, int tokens) {
    double[] table = byTokens[operator.ordinal()];
    if (table == null) {
      return 0;
    }
    if (tokens <= maxTokens) {
      return table[tokens];
    }
    if (compatibility != Compatibility.VIDUR) {
      return table[maxTokens] * tokens / maxTokens;
    }
    requireVidurHas(operator, tokens, "tokens", vidurMaxTokens, MAX_REQUEST_TOKENS);
    return trained.models().get(operator).predict(tokens);
  }

  @Override
  public double hostOperatorMs(HostOperator operator, int batchSize) {
    double[] table = byBatchSize[operator.ordinal()];
    if (table == null) {
      return 0;
    }
    if (batchSize <= maxBatchSize) {
      return table[batchSize];
    }
    requireVidurHas(operator, batchSize, "requests", maxBatchSize, MAX_BATCH_SIZE);
    return table[maxBatchSize] * batchSize / maxBatchSize;
  }

  @Override
  public double decodeAttentionMs(int batchSize, int kvTokens) {
    int context = kvTokens / granularity;
    if (batchSize <= maxBatchSize && context < contexts) {
      return decode[batchSize * contexts + context];
    }
    AttentionOperator operator = AttentionOperator.DECODE;
    requireVidurHas(operator, batchSize, "requests", maxBatchSize, MAX_BATCH_SIZE);
    requireVidurHas(operator, kvTokens, "tokens of context", maxTokens, MAX_REQUEST_TOKENS);
    int edgeSize = Math.min(batchSize, maxBatchSize);
    int edgeContext = Math.min(context, contexts - 1);
    double sizes = (double) batchSize / edgeSize;
    double kvs = context == edgeContext ? 1 : (double) context / edgeContext;
    return decode[edgeSize * contexts + edgeContext] * sizes * kvs;
  }

  @Override
  public double prefillAttentionMs(int kvTokens, int chunkTokens) {
    int context = kvTokens / granularity;
    if (chunkTokens <= maxChunkTokens && context < contexts) {
      return prefill[chunkTokens * contexts + context];
    }
    AttentionOperator operator = AttentionOperator.PREFILL;
    requireVidurHas(operator, kvTokens, "tokens of context", maxTokens, MAX_REQUEST_TOKENS);
    requireVidurHas(operator, chunkTokens, "tokens of a chunk", maxChunkTokens, MAX_CHUNK_TOKENS);
    int edgeChunk = Math.min(chunkTokens, maxChunkTokens);
    int edgeContext = Math.min(context, contexts - 1);
    double work = chunkTokens * (kvTokens + chunkTokens / 2.0);
    double edgeWork = edgeChunk * ((double) edgeContext * granularity + edgeChunk / 2.0);
    return prefill[edgeChunk * contexts + edgeContext] * work / edgeWork;
  }

  private void requireVidurHas(
      Operator operator, int size, String what, long greatest, String option) {
    if (compatibility == Compatibility.VIDUR && size > greatest) {
      throw new IllegalArgumentException(
          "the table of %s has no entry for %d %s: it ends at %d, and the original's run with it. Maybe raise %s, or let compatibility be standard."
              .formatted(operator.profileName(), size, what, greatest, option));
    }
  }
}
