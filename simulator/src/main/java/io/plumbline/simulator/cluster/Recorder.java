package io.plumbline.simulator.cluster;

import io.plumbline.simulator.batching.RequestProgress;
import java.util.List;

/**
 * Receives what a run produces while it runs, in the order of its events; times in seconds as the
 * simulator has them. A recorder overrides what it is interested in.
 */
public interface Recorder {
  /** For runs whose requests are all that matters. */
  Recorder NONE = new Recorder() {};

  /** Both recorders in one; this one is told first. */
  default Recorder and(Recorder other) {
    return new RecorderPair(this, other);
  }

  /** A cluster is ready; told once, before anything else. */
  default void clusterReady(int requests, List<ReplicaShape> replicas) {}

  /** A request arrived. */
  default void requestArrives(int request, double atSeconds) {}

  /**
   * The scheduler of a replica was asked for batches.
   *
   * @param batches how many it formed; each of them was told before
   * @param kvBlocksUsed on the replica, those batches included
   */
  default void replicaScheduled(int replica, int batches, int kvBlocksUsed, double atSeconds) {}

  /** A running request had to give its memory back and waits again; told before any batch. */
  default void requestPreempted(int replica, int request, double atSeconds) {}

  /**
   * A batch was formed and goes to its first stage.
   *
   * @param kvBlocksUsed on the replica, the batch included
   */
  default void batchScheduled(IterationInFlight iteration, int kvBlocksUsed) {}

  /**
   * A stage starts a batch and will be busy for the time of the model and of the host together.
   *
   * @param hostSeconds for which the devices wait; none where the host prepared the batch before
   * @param kvBlocksUsed on the replica
   */
  default void stageStarts(
      IterationInFlight iteration,
      int stage,
      double startSeconds,
      double modelSeconds,
      double hostSeconds,
      int kvBlocksUsed) {}

  /**
   * A replica gave blocks to a request whose keys and values are still elsewhere.
   *
   * @param kvBlocksUsed on the replica, these included
   */
  default void kvReserved(int replica, int kvBlocksUsed, double atSeconds) {}

  /**
   * The keys and values of a request are where it is decoded.
   *
   * @param tokens whose keys and values were sent
   * @param readySeconds end of the prefill
   * @param startSeconds when both ends were free
   * @param endSeconds now
   */
  default void kvTransferred(
      int request,
      int fromReplica,
      int toReplica,
      int tokens,
      double readySeconds,
      double startSeconds,
      double endSeconds) {}

  /** A stage is done with a batch. */
  default void stageEnds(
      IterationInFlight iteration, int stage, double startSeconds, double endSeconds) {}

  /** Whether to be told of every token; asked once, before the run. */
  default boolean wantsTokens() {
    return true;
  }

  /** A request got an output token; told before the end of its batch. */
  default void token(int request, double atSeconds) {}

  /**
   * A request is over: it was rejected on arrival, or got its last token and is in no batch in
   * flight any more. Not told of requests that a time limit cuts off.
   */
  default void requestOver(RequestProgress request, int replica) {}

  /** Whether requests that are over are looked at after the run; asked once, before it. */
  default boolean keepsRequests() {
    return true;
  }

  /**
   * The last stage of a batch is done, and so are its requests that got their last token.
   *
   * @param kvBlocksUsed on the replica, without those that the end of the batch gave back
   */
  default void batchEnds(IterationInFlight iteration, int kvBlocksUsed, double atSeconds) {}

  /** Whether the run is to go on; asked after every event, and no ends it there. */
  default boolean wantsMore() {
    return true;
  }
}
