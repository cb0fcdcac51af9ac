package io.plumbline.simulator.cluster;

import io.plumbline.simulator.batching.RequestProgress;
import java.util.List;

/** Two recorders in one. */
record RecorderPair(Recorder first, Recorder second) implements Recorder {

  @Override
  public void clusterReady(int requests, List<ReplicaShape> replicas) {
    first.clusterReady(requests, replicas);
    second.clusterReady(requests, replicas);
  }

  @Override
  public void kvReserved(int replica, int kvBlocksUsed, double atSeconds) {
    first.kvReserved(replica, kvBlocksUsed, atSeconds);
    second.kvReserved(replica, kvBlocksUsed, atSeconds);
  }

  @Override
  public void kvTransferred(
      int request,
      int fromReplica,
      int toReplica,
      int tokens,
      double readySeconds,
      double startSeconds,
      double endSeconds) {
    first.kvTransferred(
        request, fromReplica, toReplica, tokens, readySeconds, startSeconds, endSeconds);
    second.kvTransferred(
        request, fromReplica, toReplica, tokens, readySeconds, startSeconds, endSeconds);
  }

  @Override
  public void requestArrives(int request, double atSeconds) {
    first.requestArrives(request, atSeconds);
    second.requestArrives(request, atSeconds);
  }

  @Override
  public void replicaScheduled(int replica, int batches, int kvBlocksUsed, double atSeconds) {
    first.replicaScheduled(replica, batches, kvBlocksUsed, atSeconds);
    second.replicaScheduled(replica, batches, kvBlocksUsed, atSeconds);
  }

  @Override
  public void requestPreempted(int replica, int request, double atSeconds) {
    first.requestPreempted(replica, request, atSeconds);
    second.requestPreempted(replica, request, atSeconds);
  }

  @Override
  public void batchScheduled(IterationInFlight iteration, int kvBlocksUsed) {
    first.batchScheduled(iteration, kvBlocksUsed);
    second.batchScheduled(iteration, kvBlocksUsed);
  }

  @Override
  public void stageStarts(
      IterationInFlight iteration,
      int stage,
      double startSeconds,
      double modelSeconds,
      double hostSeconds,
      int kvBlocksUsed) {
    first.stageStarts(iteration, stage, startSeconds, modelSeconds, hostSeconds, kvBlocksUsed);
    second.stageStarts(iteration, stage, startSeconds, modelSeconds, hostSeconds, kvBlocksUsed);
  }

  @Override
  public void stageEnds(
      IterationInFlight iteration, int stage, double startSeconds, double endSeconds) {
    first.stageEnds(iteration, stage, startSeconds, endSeconds);
    second.stageEnds(iteration, stage, startSeconds, endSeconds);
  }

  @Override
  public boolean wantsTokens() {
    return first.wantsTokens() || second.wantsTokens();
  }

  @Override
  public void token(int request, double atSeconds) {
    first.token(request, atSeconds);
    second.token(request, atSeconds);
  }

  @Override
  public void requestOver(RequestProgress request, int replica) {
    first.requestOver(request, replica);
    second.requestOver(request, replica);
  }

  @Override
  public boolean keepsRequests() {
    return first.keepsRequests() || second.keepsRequests();
  }

  @Override
  public void batchEnds(IterationInFlight iteration, int kvBlocksUsed, double atSeconds) {
    first.batchEnds(iteration, kvBlocksUsed, atSeconds);
    second.batchEnds(iteration, kvBlocksUsed, atSeconds);
  }

  @Override
  public boolean wantsMore() {
    return first.wantsMore() && second.wantsMore();
  }
}
