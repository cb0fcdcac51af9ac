package io.plumbline.simulator.cluster;

/**
 * What can happen. The kinds and the order in which they create each other are Vidur's, because
 * events at one time run in the order of their creation.
 */
sealed interface Event {

  /** Hands this event to the method that handles it. */
  void dispatch(Cluster cluster);

  record RequestArrival(int request) implements Event {
    @Override
    public void dispatch(Cluster cluster) {
      cluster.onRequestArrival(request);
    }
  }

  /** Places every request that has arrived but is on no replica yet. */
  record RouteRequests() implements Event {
    @Override
    public void dispatch(Cluster cluster) {
      cluster.onRouteRequests();
    }
  }

  /** Lets a replica's scheduler form batches. */
  record ScheduleReplica(int replica) implements Event {
    @Override
    public void dispatch(Cluster cluster) {
      cluster.onScheduleReplica(replica);
    }
  }

  record BatchAtStage(IterationInFlight iteration, int stage) implements Event {
    @Override
    public void dispatch(Cluster cluster) {
      cluster.onBatchAtStage(iteration, stage);
    }
  }

  /** Starts the next batch on a stage if the stage is free. */
  record ScheduleStage(int replica, int stage) implements Event {
    @Override
    public void dispatch(Cluster cluster) {
      cluster.onScheduleStage(replica, stage);
    }
  }

  record StageEnd(
      IterationInFlight iteration,
      int stage,
      double startSeconds,
      double stageSeconds,
      double modelSeconds)
      implements Event {
    @Override
    public void dispatch(Cluster cluster) {
      cluster.onStageEnd(iteration, stage, startSeconds, stageSeconds, modelSeconds);
    }
  }

  /** Lets replicas that step together, from one on, take their next step. */
  record ScheduleStep(int first) implements Event {
    @Override
    public void dispatch(Cluster cluster) {
      cluster.onScheduleStep(first);
    }
  }

  /** All keys and values of a request are where it is decoded. */
  record KvTransferEnd(Handover handover) implements Event {
    @Override
    public void dispatch(Cluster cluster) {
      cluster.onKvTransferEnd(handover);
    }
  }

  record BatchEnd(IterationInFlight iteration) implements Event {
    @Override
    public void dispatch(Cluster cluster) {
      cluster.onBatchEnd(iteration);
    }
  }
}
