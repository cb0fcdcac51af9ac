package io.plumbline.simulator.latency;

import io.plumbline.simulator.batching.Batch;

/**
 * An engine that replays decodes from CUDA graphs and launches everything else one by one: an
 * iteration with a prefill has the times of launched operators. The host's own work is that of the
 * graphed side.
 */
final class LaunchedPrefills implements ExecutionTimePredictor {
  private final ExecutionTimePredictor graphed;
  private final ExecutionTimePredictor launched;

  LaunchedPrefills(ExecutionTimePredictor graphed, ExecutionTimePredictor launched) {
    this.graphed = graphed;
    this.launched = launched;
  }

  private ExecutionTimePredictor of(Batch batch) {
    return batch.prefillTokens() > 0 ? launched : graphed;
  }

  @Override
  public double modelSeconds(Batch batch, int stage) {
    return of(batch).modelSeconds(batch, stage);
  }

  @Override
  public double hostSeconds(Batch batch, int stage) {
    return graphed.hostSeconds(batch, stage);
  }

  @Override
  public void operators(Batch batch, int stage, OperatorConsumer consumer) {
    of(batch).operators(batch, stage, consumer);
  }
}
