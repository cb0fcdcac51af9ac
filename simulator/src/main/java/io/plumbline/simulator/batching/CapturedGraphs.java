package io.plumbline.simulator.batching;

import java.util.List;

/**
 * The CUDA graphs that were captured when the engine started. A batch runs as the next larger one;
 * a batch larger than all of them runs without.
 */
final class CapturedGraphs {
  private final CudagraphMode mode;
  private final int maxFullDecodes;

  /** The captured size that holds so many tokens. */
  private final int[] paddedTo;

  /**
   * @param sizes captured, rising
   * @param maxBatchSize whole graphs of decodes are captured up to this size only
   */
  CapturedGraphs(CudagraphMode mode, List<Integer> sizes, int maxBatchSize) {
    this.mode = mode;
    this.paddedTo = new int[sizes.isEmpty() ? 1 : sizes.get(sizes.size() - 1) + 1];
    int tokens = 1;
    int largestDecodes = 0;
    for (int size : sizes) {
      while (tokens <= size) {
        paddedTo[tokens++] = size;
      }
      if (size <= maxBatchSize) {
        largestDecodes = size;
      }
    }
    this.maxFullDecodes = largestDecodes;
  }

  void launch(Batch batch) {
    int tokens = batch.totalTokens();
    GraphMode graph = tokens < paddedTo.length ? graph(batch) : GraphMode.NONE;
    batch.launchAs(graph, graph == GraphMode.NONE ? tokens : paddedTo[tokens]);
  }

  private GraphMode graph(Batch batch) {
    boolean decodes = batch.maxTokens() == 1;
    // With separate graphs for decodes, more of them than were captured run as any other batch.
    boolean separate = mode.decodes != mode.others;
    boolean captured = !separate || batch.totalTokens() <= maxFullDecodes;
    return decodes && captured ? mode.decodes : mode.others;
  }
}
