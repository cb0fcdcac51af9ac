package io.plumbline.simulator.batching;

import io.plumbline.simulator.kvcache.BlockTable;

/**
 * What vLLM v1's scheduler keeps of a request. There is no prefill and no decode: computed tokens
 * catch up with known ones, and whenever they have, there is one more.
 */
final class Sequence {
  final RequestProgress request;
  final BlockTable table;
  final int priority;

  /** Tokens whose keys and values are in the cache once all scheduled iterations have ended. */
  int computedTokens;

  /** Output tokens that scheduled iterations will yield and that are counted on already. */
  int promisedTokens;

  /** Tokens that the step at hand computes. */
  int scheduledTokens;

  /** Whether all that was known when it was admitted has been scheduled. */
  boolean caughtUp;

  boolean running;

  Sequence(RequestProgress request, int blockTokens) {
    this.request = request;
    this.table = new BlockTable(request.blockHashes(blockTokens));
    Integer stated = request.request().priority();
    this.priority = stated == null ? 0 : stated;
  }

  /** Tokens whose values are known: the prompt and the output so far. */
  int knownTokens() {
    return request.promptTokens() + request.producedTokens();
  }

  /** Tokens left to compute; 0 if every token that it may have is there or promised. */
  int tokensToCompute() {
    int tokens = knownTokens() + promisedTokens;
    return tokens >= request.maxTotalTokens() ? 0 : tokens - computedTokens;
  }

  /** Takes over the steps of a run. */
  void moveOn(int computed, int promised) {
    computedTokens += computed;
    promisedTokens += promised;
  }

  /** Forgets what was computed, not what was made. */
  void preempt() {
    request.preempted();
    running = false;
    caughtUp = false;
    computedTokens = 0;
    promisedTokens = 0;
    scheduledTokens = 0;
  }
}
