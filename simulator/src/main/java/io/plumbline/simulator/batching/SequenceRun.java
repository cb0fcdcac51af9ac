package io.plumbline.simulator.batching;

import io.plumbline.simulator.kvcache.BlockPool;

/**
 * A run of decodes over a pool of blocks. Requests are sorted by how far they are in their last
 * block, so that a step looks at those alone that take a new block or have filled one.
 */
final class SequenceRun extends DecodeRun {
  private final BlockPool pool;
  private final int blockTokens;

  /** Whether the tokens of steps in flight are counted on. */
  private final boolean promises;

  /** Sequences by tokens in their last block, then in the order of the batch. */
  private final Sequence[] sequences;

  /** Where the sequences with so many tokens in their last block begin. */
  private final int[] firstWith;

  /**
   * Tokens that were known of the first sequence when the run began, and at the last publishing.
   */
  private final int knownAtStart;

  private int publishedKnown;

  /** How many more tokens are known than computed; the same of all. */
  private final int ahead;

  private SequenceRun(
      Batch before, int lastStep, boolean promises, int promised, BlockPool pool, int blockTokens) {
    super(before, lastStep);
    this.promises = promises;
    this.pool = pool;
    this.blockTokens = blockTokens;
    this.sequences = new Sequence[before.size()];
    this.firstWith = new int[blockTokens + 1];
    this.ahead = 1 - promised;
    this.knownAtStart = request(0).sequence.knownTokens();
    this.publishedKnown = knownAtStart - 1;
    sort(before);
  }

  /**
   * A run that goes on where a batch was scheduled, or null if its requests cannot all go on.
   *
   * @param promises whether the next step of a request is scheduled while one is in flight
   * @param promised tokens that each of them will get of batches in flight
   */
  static SequenceRun after(
      Batch batch, boolean promises, int promised, BlockPool pool, int blockTokens) {
    int lastStep = Integer.MAX_VALUE;
    for (int i = 0; i < batch.size(); i++) {
      Sequence sequence = batch.request(i).sequence;
      if (sequence == null
          || !sequence.running
          || sequence.promisedTokens != promised
          || sequence.tokensToCompute() != 1) {
        return null;
      }
      lastStep = Math.min(lastStep, batch.request(i).decodesLeft() - promised);
    }
    return new SequenceRun(batch, lastStep, promises, promised, pool, blockTokens);
  }

  private void sort(Batch batch) {
    for (int i = 0; i < batch.size(); i++) {
      firstWith[tokensInLastBlock(batch, i) + 1]++;
    }
    for (int tokens = 0; tokens < blockTokens; tokens++) {
      firstWith[tokens + 1] += firstWith[tokens];
    }
    int[] next = firstWith.clone();
    for (int i = 0; i < batch.size(); i++) {
      sequences[next[tokensInLastBlock(batch, i)]++] = batch.request(i).sequence;
    }
  }

  private int tokensInLastBlock(Batch batch, int index) {
    return batch.request(index).sequence.computedTokens % blockTokens;
  }

  @Override
  boolean takeBlocks() {
    // Those whose blocks are full.
    int full = tokensInLastBlockAtStart(scheduledSteps());
    int from = firstWith[full];
    int to = firstWith[full + 1];
    if (!hasNextStep() || to - from > pool.freeBlocks()) {
      return false;
    }
    for (int k = from; k < to; k++) {
      pool.take(sequences[k].table, 0, sequences[k].computedTokens + scheduledSteps() + 1);
    }
    publish(request(0).sequence.knownTokens());
    return true;
  }

  /** Makes known what ended steps have computed: all that is known but the last token. */
  void publishComputed() {
    publish(request(0).sequence.knownTokens() - 1);
  }

  /** How many tokens were in the last block of those whose blocks are full so many tokens later. */
  private int tokensInLastBlockAtStart(int tokensLater) {
    return Math.floorMod(-tokensLater, blockTokens);
  }

  /**
   * Makes known the blocks that are full of known tokens.
   *
   * @param known tokens of the first sequence; the others have come as far since the run began
   */
  private void publish(int known) {
    if (!pool.isCaching()) {
      return;
    }
    while (publishedKnown < known) {
      publishedKnown++;
      int sinceStart = publishedKnown - knownAtStart;
      int full = tokensInLastBlockAtStart(sinceStart + ahead);
      for (int k = firstWith[full]; k < firstWith[full + 1]; k++) {
        pool.publish(sequences[k].table, sequences[k].computedTokens + sinceStart + ahead);
      }
    }
  }

  @Override
  void settle(RequestProgress request, int scheduled, int ended) {
    request.sequence.moveOn(scheduled, promises ? scheduled - ended : 0);
  }
}
