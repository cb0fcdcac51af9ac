package io.plumbline.simulator.batching;

/** Forms the batches of one replica. A scheduler knows no clock and no latency. */
public interface ReplicaScheduler {

  /** Takes a request that the router placed here. */
  void enqueue(RequestProgress request);

  /** Requests that hold no memory: not started yet, or preempted. */
  int waitingRequests();

  /** The next batch, or null if nothing can run now. */
  Batch nextBatch();

  /** Takes the requests of a batch back after {@link RequestProgress#batchEnded}. */
  void batchEnded(Batch batch);

  /**
   * Whether this scheduler could ever run the request. One that it cannot is rejected on arrival
   * instead of blocking the queue for ever.
   */
  boolean accepts(RequestProgress request);
}
