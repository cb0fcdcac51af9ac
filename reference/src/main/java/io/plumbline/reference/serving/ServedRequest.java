package io.plumbline.reference.serving;

import io.plumbline.trace.run.RequestOutcome;
import io.plumbline.trace.run.RequestTiming;
import io.plumbline.trace.workload.Request;
import java.util.Arrays;

/**
 * The one mutable state of a request inside the engine: its tokens so far, how many of them have
 * keys and values in the cache, the blocks these are in, and its times.
 */
public final class ServedRequest {
  private static final int REPLICA = 0;
  private static final long NEVER = -1;

  private final Request request;
  private final int blockTokens;
  private final long[] ids;
  private final long[] tokenNanos;
  private int knownTokens;
  private int computedTokens;
  private int prefillTokens;
  private int preemptions;
  private int[] blocks = new int[8];
  private int heldBlocks;
  private long scheduledNanos = NEVER;

  /**
   * @param promptIds token ids of the prompt; copied
   * @param blockTokens tokens per KV block
   */
  public ServedRequest(Request request, long[] promptIds, int blockTokens) {
    this.request = request;
    this.blockTokens = blockTokens;
    this.ids = Arrays.copyOf(promptIds, Math.toIntExact(request.totalTokens()));
    this.tokenNanos = new long[request.outputTokens()];
    this.knownTokens = promptIds.length;
    this.prefillTokens = promptIds.length;
  }

  public int id() {
    return request.id();
  }

  long arrivalNanos() {
    return request.arrivalNanos();
  }

  /** Prompt and output so far, in tokens. */
  public int knownTokens() {
    return knownTokens;
  }

  /** Tokens whose keys and values are in the cache: the first ones. */
  public int computedTokens() {
    return computedTokens;
  }

  /** Tokens to prefill since the last preemption, output made before it included. */
  int prefillTokens() {
    return prefillTokens;
  }

  boolean prefilling() {
    return computedTokens < prefillTokens;
  }

  boolean ended() {
    return knownTokens == ids.length;
  }

  /** The id of a known token. */
  public long tokenId(int position) {
    return ids[position];
  }

  /** Where the cache has a token: its row in a cache of all blocks, one after the other. */
  public int slot(int position) {
    return blocks[position / blockTokens] * blockTokens + position % blockTokens;
  }

  /** Tokens that fit into its blocks. */
  int roomTokens() {
    return heldBlocks * blockTokens;
  }

  int heldBlocks() {
    return heldBlocks;
  }

  int block(int index) {
    return blocks[index];
  }

  void hold(int block) {
    if (heldBlocks == blocks.length) {
      blocks = Arrays.copyOf(blocks, 2 * heldBlocks);
    }
    blocks[heldBlocks++] = block;
  }

  void holdNothing() {
    heldBlocks = 0;
  }

  /** Loses the cache: all tokens known, its own output too, are to be prefilled again. */
  void restart() {
    computedTokens = 0;
    prefillTokens = knownTokens;
    preemptions++;
  }

  /** Notes that an iteration with it starts; the first time counts. */
  void iterationStarts(long nowNanos) {
    if (scheduledNanos == NEVER) {
      scheduledNanos = nowNanos;
    }
  }

  /** Notes that an iteration has computed more of its tokens. */
  void computed(int tokens) {
    computedTokens += tokens;
  }

  /** Notes a new output token. */
  void produced(long tokenId, long nowNanos) {
    tokenNanos[producedTokens()] = nowNanos;
    ids[knownTokens++] = tokenId;
  }

  private int producedTokens() {
    return knownTokens - request.promptTokens();
  }

  /** When each output token was there, in ns from the start of the run. */
  long[] tokenNanos() {
    return Arrays.copyOf(tokenNanos, producedTokens());
  }

  /** The output so far. */
  long[] outputIds() {
    return Arrays.copyOfRange(ids, request.promptTokens(), knownTokens);
  }

  /** Its times, once it has ended. */
  RequestTiming completed() {
    return new RequestTiming(
        request.id(),
        REPLICA,
        request.arrivalNanos(),
        scheduledNanos,
        tokenNanos[0],
        tokenNanos[tokenNanos.length - 1],
        request.promptTokens(),
        request.outputTokens(),
        producedTokens(),
        preemptions,
        RequestOutcome.COMPLETED);
  }
}
