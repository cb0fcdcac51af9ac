package io.plumbline.reference.serving;

/**
 * Chunked prefill beside decodes, under a budget.
 *
 * @param tokenBudget most tokens per iteration; decodes run even beyond it
 * @param maxBatchSize most requests in flight
 */
public record SarathiSpec(int tokenBudget, int maxBatchSize) implements SchedulerSpec {
  public SarathiSpec {
    if (tokenBudget <= 0 || maxBatchSize <= 0) {
      throw new IllegalArgumentException(
          "tokenBudget (%d) and maxBatchSize (%d) must be positive"
              .formatted(tokenBudget, maxBatchSize));
    }
  }

  /** 512 tokens, 128 requests: the defaults of the simulator's scheduler of that name. */
  public static SarathiSpec defaults() {
    return new SarathiSpec(512, 128);
  }

  @Override
  public BatchPlanner create(KvBlocks blocks) {
    return new SarathiPlanner(this, blocks);
  }
}
