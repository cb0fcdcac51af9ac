package io.plumbline.simulator.metrics;

import io.plumbline.simulator.batching.Batch;
import java.util.Locale;
import java.util.function.ToIntFunction;

/** The columns of Vidur's {@code batch_metrics.csv} but for the id. */
public enum VidurBatchMetric {
  BATCH_NUM_TOKENS(Batch::totalTokens),
  BATCH_NUM_PREFILL_TOKENS(Batch::prefillTokens),
  BATCH_NUM_DECODE_TOKENS(Batch::decodeTokens),
  BATCH_SIZE(Batch::size),
  /** Seconds from the forming of the batch to the end of its last stage. */
  BATCH_EXECUTION_TIME(null);

  private final ToIntFunction<Batch> ofBatch;

  VidurBatchMetric(ToIntFunction<Batch> ofBatch) {
    this.ofBatch = ofBatch;
  }

  /** Name of the column. */
  public String columnName() {
    return name().toLowerCase(Locale.ROOT);
  }

  double of(Batch batch, double executionSeconds) {
    return ofBatch == null ? executionSeconds : ofBatch.applyAsInt(batch);
  }
}
