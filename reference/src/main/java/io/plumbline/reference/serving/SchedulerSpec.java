package io.plumbline.reference.serving;

/** Which rules form the batches; the key {@code kind} of a file selects one of these. */
public sealed interface SchedulerSpec permits SarathiSpec, VllmV1Spec {

  /** Most tokens of an iteration; decodes of {@code sarathi} run even beyond it. */
  int tokenBudget();

  /** Most requests in flight. */
  int maxBatchSize();

  /** A planner with these rules that gives out these blocks. */
  BatchPlanner create(KvBlocks blocks);
}
