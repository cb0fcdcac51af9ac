package io.plumbline.jobs.conformance;

import io.plumbline.files.reallm.ReallmResults;
import io.plumbline.files.reallm.ReallmTrace;
import io.plumbline.simulator.batching.ReplicaLimits;
import io.plumbline.simulator.batching.SchedulerSpec;
import io.plumbline.simulator.cluster.Arrivals;
import io.plumbline.simulator.cluster.Cluster;
import io.plumbline.simulator.cluster.Recorder;
import io.plumbline.simulator.cluster.ReplicaSpec;
import io.plumbline.simulator.cluster.RoundRobinSpec;
import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.latency.ExecutionTimePredictor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * A recorded run from its arrivals alone, on our own cluster: what each request was given when. The
 * cache holds everything, as ReaLLM knows no limit of memory.
 */
final class ReallmLoop {
  private static final double TOLERANCE = 0.01;
  private static final int BLOCK_TOKENS = 16;

  /** Where ReaLLM's clock ends. */
  private static final double LIMIT_SECONDS = 500;

  private final ReallmTrace trace;
  private final ReallmResults results;
  private final double[][] tokenSeconds;

  /**
   * Runs a trace until every token that was recorded is made.
   *
   * @param results what was recorded, of requests of the trace
   */
  ReallmLoop(
      ReallmTrace trace,
      ReallmResults results,
      SchedulerSpec scheduler,
      ExecutionTimePredictor predictor) {
    this.trace = trace;
    this.results = results;
    Tokens tokens = new Tokens();
    this.tokenSeconds = tokens.seconds;
    int longest = Math.toIntExact(trace.workload().maxTotalTokens());
    ReplicaSpec replica =
        new ReplicaSpec(
            new ReplicaLimits(1, longest, trace.workload().size()),
            Math.multiplyExact(trace.workload().size(), longest / BLOCK_TOKENS + 1),
            BLOCK_TOKENS,
            Integer.MAX_VALUE,
            0,
            1,
            scheduler,
            Compatibility.STANDARD);
    new Cluster(
            1,
            replica,
            RoundRobinSpec.defaults(),
            predictor,
            new Arrivals(trace.workload(), trace.arrivalSeconds()),
            tokens)
        .run(LIMIT_SECONDS);
  }

  /** How far our requests are from theirs, by every token that they got. */
  List<Deviation> deviations() {
    Deviation ttft = new Deviation("ttft_s", TOLERANCE);
    Deviation tbt = new Deviation("tbt_s", TOLERANCE);
    Deviation e2e = new Deviation("e2e_s", TOLERANCE);
    Deviation token = new Deviation("token_s", TOLERANCE);
    for (ReallmResults.Finished theirs : results.requests()) {
      int tokens = theirs.tokenSeconds().length;
      if (tokens == 0) {
        continue;
      }
      double arrival = trace.arrivalSeconds()[theirs.id()];
      double[] ours = tokenSeconds[theirs.id()];
      String place = "request %d".formatted(theirs.id());
      ttft.compare(theirs.tokenSeconds()[0] - arrival, ours[0] - arrival, () -> place);
      for (int i = 0; i < tokens; i++) {
        String at = "%s, token %d".formatted(place, i);
        token.compare(theirs.tokenSeconds()[i] - arrival, ours[i] - arrival, () -> at);
      }
      if (theirs.complete()) {
        e2e.compare(
            theirs.tokenSeconds()[tokens - 1] - arrival, ours[tokens - 1] - arrival, () -> place);
      }
      if (theirs.complete() && tokens > 1) {
        tbt.compare(between(theirs.tokenSeconds()), between(ours), () -> place);
      }
    }
    // A run that was cut off early may have no request that is done.
    return Stream.of(ttft, tbt, e2e, token).filter(one -> one.compared() > 0).toList();
  }

  private static double between(double[] tokenSeconds) {
    int last = tokenSeconds.length - 1;
    return (tokenSeconds[last] - tokenSeconds[0]) / last;
  }

  /** Times of the tokens that were recorded; NaN for those that were not made. */
  private final class Tokens implements Recorder {
    private final double[][] seconds = new double[trace.workload().size()][0];
    private final int[] made = new int[seconds.length];
    private long missing;

    Tokens() {
      for (ReallmResults.Finished theirs : results.requests()) {
        seconds[theirs.id()] = new double[theirs.tokenSeconds().length];
        Arrays.fill(seconds[theirs.id()], Double.NaN);
        missing += theirs.tokenSeconds().length;
      }
    }

    @Override
    public void token(int request, double atSeconds) {
      if (made[request] < seconds[request].length) {
        seconds[request][made[request]++] = atSeconds;
        missing--;
      }
    }

    @Override
    public boolean keepsRequests() {
      return false;
    }

    @Override
    public boolean wantsMore() {
      return missing > 0;
    }
  }
}
