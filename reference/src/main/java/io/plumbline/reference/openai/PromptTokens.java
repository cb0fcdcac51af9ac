package io.plumbline.reference.openai;

import io.plumbline.trace.workload.PromptBlocks;
import io.plumbline.trace.workload.Request;
import java.util.SplittableRandom;

/**
 * Draws the tokens of a prompt. Blocks of the workload with the same hash get the same tokens, so
 * that a server's prefix cache hits where the trace says it did; everything else is drawn per
 * request. Another salt gives other tokens throughout, so nothing is in a cache from a run before.
 */
final class PromptTokens {
  /** Keeps the tokens after the last block apart from those of any block. */
  private static final long REMAINDER = 0x9e3779b97f4a7c15L;

  private PromptTokens() {}

  /** As many numbers from 0 to below {@code bound} as the prompt has tokens. */
  static int[] draw(Request request, long salt, int bound) {
    int[] tokens = new int[request.promptTokens()];
    int from = 0;
    PromptBlocks blocks = request.promptBlocks();
    for (int b = 0; blocks != null && b < blocks.blocks(); b++) {
      int to = from + blocks.blockTokens();
      fill(tokens, from, to, seed(salt, blocks.hash(b)), bound);
      from = to;
    }
    fill(tokens, from, tokens.length, seed(salt + REMAINDER, request.id()), bound);
    return tokens;
  }

  private static long seed(long salt, long identity) {
    // The generator's own mixing, so that neighbouring ids do not give related streams.
    return new SplittableRandom(identity).nextLong() ^ salt;
  }

  private static void fill(int[] tokens, int from, int to, long seed, int bound) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = from; i < to; i++) {
      tokens[i] = random.nextInt(bound);
    }
  }
}
