package io.plumbline.simulator.batching;

import java.util.function.Consumer;

/** Forms the batches of one replica over its KV cache. It knows no latency. */
public interface ReplicaScheduler {

  /** What {@link #reserve} says where there is no room. */
  int NO_ROOM = -1;

  /** Takes a request that the router placed here. */
  void enqueue(RequestProgress request);

  /** Requests that hold no memory: not started yet, or preempted. */
  int waitingRequests();

  /** KV blocks that requests can have. */
  int kvBlocks();

  /** KV blocks that requests have. */
  int kvBlocksUsed();

  /** Tokens of a request's prompt that need not be computed here, as they are in the cache. */
  default int cachedPromptTokens(RequestProgress request) {
    return 0;
  }

  /** The next batch, or null if nothing can run now. */
  Batch nextBatch();

  /** Writes every batch anew, where one before might be moved on: the same, but slower. */
  void writeEveryBatch();

  /** Tells the requests preempted since the last time, in that order. */
  void drainPreempted(Consumer<RequestProgress> consumer);

  /**
   * Notes that the iteration of one request of a batch ended; told of each before {@link
   * #batchEnded}.
   *
   * @param index of the request in the batch
   * @return whether the iteration yielded an output token
   */
  boolean iterationEnds(Batch batch, int index, double nowSeconds);

  /** Takes the requests of a batch back. */
  void batchEnded(Batch batch);

  /**
   * Whether this scheduler could ever run the request. One that it cannot is rejected on arrival
   * instead of blocking the queue for ever.
   */
  boolean accepts(RequestProgress request);

  /** Whether it could ever decode a request that was prefilled elsewhere. */
  default boolean canDecode(RequestProgress request) {
    return accepts(request);
  }

  /**
   * Lets a request go whose prefill is done and that another replica decodes. Its blocks stay taken
   * until what is returned is released.
   */
  KvHold handOver(RequestProgress request);

  /**
   * Takes blocks and a place in the batch for a request that was prefilled elsewhere, unless there
   * is no room or a preempted request waits for it.
   *
   * @return tokens whose keys and values must be sent, or {@link #NO_ROOM}
   */
  int reserve(RequestProgress request);

  /** Takes in a request with a reservation, whose keys and values are here now. */
  void join(RequestProgress request);
}
