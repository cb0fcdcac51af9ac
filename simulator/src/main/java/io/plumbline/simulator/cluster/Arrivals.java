package io.plumbline.simulator.cluster;

import io.plumbline.simulator.batching.RequestProgress;
import io.plumbline.trace.workload.Request;
import io.plumbline.trace.workload.Workload;
import java.util.HashMap;
import java.util.Map;

/** The requests of a workload and when they arrive; each gets its state only then. */
public final class Arrivals {
  private static final int NONE = -1;

  private final Workload workload;
  private final double[] seconds;
  private final int known;

  /** The next request of the same session, by request; null without sessions. */
  private final int[] nextTurn;

  /**
   * @param seconds by request, rising; the last of them may be NaN: they arrive one by one, each
   *     when another request has ended
   */
  public Arrivals(Workload workload, double[] seconds) {
    this.workload = workload;
    this.seconds = seconds;
    this.nextTurn = nextTurns(workload);
    int count = 0;
    while (count < seconds.length && !Double.isNaN(seconds[count])) {
      count++;
    }
    this.known = count;
  }

  private static int[] nextTurns(Workload workload) {
    if (workload.requests().stream().allMatch(request -> request.session() == null)) {
      return null;
    }
    int[] next = new int[workload.size()];
    Map<String, Integer> nextOfSession = new HashMap<>();
    for (int id = next.length - 1; id >= 0; id--) {
      String session = workload.request(id).session();
      Integer turn = session == null ? null : nextOfSession.put(session, id);
      next[id] = turn == null ? NONE : turn;
    }
    return next;
  }

  int size() {
    return seconds.length;
  }

  /** How many of them, from the first one on, arrive at a time that is known before the run. */
  int known() {
    return known;
  }

  double seconds(int request) {
    return seconds[request];
  }

  /** The state of a request that has just arrived, knowing the next one of its session. */
  RequestProgress arrive(int request, double atSeconds) {
    Request turn =
        nextTurn == null || nextTurn[request] == NONE ? null : workload.request(nextTurn[request]);
    return new RequestProgress(workload.request(request), atSeconds, turn);
  }
}
