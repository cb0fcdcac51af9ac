package io.plumbline.simulator.capacity;

import io.plumbline.simulator.batching.Batch;
import io.plumbline.simulator.batching.RequestProgress;
import io.plumbline.simulator.cluster.IterationInFlight;
import io.plumbline.simulator.cluster.Recorder;
import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.trace.workload.Request;
import io.plumbline.trace.workload.Workload;
import java.util.Arrays;

/**
 * Decides whether a run meets an SLO, and ends it as soon as it certainly does not. A run that was
 * ended has the verdict that the whole run would have had: only what is late already, or has waited
 * beyond its limit, counts against it.
 */
public final class SloWatch implements Recorder {
  private final boolean endsEarly;
  private final boolean wantsTokens;
  private final boolean wantsCompletions;
  private final Arrived arrived;
  private final ConditionWatch[] watches;
  private final double[] lastTokenSeconds;
  private boolean lost;
  private double nowSeconds;

  /** What becomes of runs that cannot meet the SLO any more. */
  public enum Hopeless {
    /** They end there. */
    END,
    /** They go on to their end, which costs time and changes no verdict. */
    GO_ON
  }

  /**
   * A watch over one run.
   *
   * @param arrivalSeconds by request
   */
  public SloWatch(
      Slo slo,
      Workload workload,
      double[] arrivalSeconds,
      Compatibility compatibility,
      Hopeless hopeless) {
    this.endsEarly = hopeless == Hopeless.END;
    this.wantsTokens = slo.wantsTokens();
    this.arrived = new Arrived(arrivalSeconds);
    // Vidur's restarts may turn prompt into output.
    boolean tokensMayGrow = compatibility == Compatibility.VIDUR;
    this.watches =
        slo.conditions().stream()
            .map(condition -> watch(condition, workload, tokensMayGrow))
            .toArray(ConditionWatch[]::new);
    this.wantsCompletions = Arrays.stream(watches).anyMatch(ConditionWatch::wantsCompletions);
    this.lastTokenSeconds = wantsTokens ? new double[workload.size()] : null;
    if (wantsTokens) {
      Arrays.fill(lastTokenSeconds, Double.NaN);
    }
  }

  private ConditionWatch watch(Slo.Condition condition, Workload workload, boolean tokensMayGrow) {
    if (condition instanceof Slo.Goodput goodput) {
      return new GoodputWatch(goodput, workload, arrived);
    }
    Slo.LatencyLimit limit = (Slo.LatencyLimit) condition;
    return limit.metric() == LatencyMetric.TBT
        ? new GapLimitWatch(limit, gaps(workload), tokensMayGrow)
        : new RequestLimitWatch(limit, workload, arrived);
  }

  private static long gaps(Workload workload) {
    long gaps = 0;
    for (Request request : workload.requests()) {
      gaps += request.outputTokens() - 1;
    }
    return gaps;
  }

  @Override
  public void requestArrives(int request, double atSeconds) {
    arrived.arrives();
    advance(atSeconds);
  }

  @Override
  public void batchScheduled(IterationInFlight iteration, int kvBlocksUsed) {
    Batch batch = iteration.batch();
    if (batch.prefills() > 0) {
      for (int i = 0; i < batch.size(); i++) {
        arrived.scheduled(batch.request(i));
      }
    }
    advance(iteration.scheduledSeconds());
  }

  @Override
  public void batchEnds(IterationInFlight iteration, int kvBlocksUsed, double atSeconds) {
    if (wantsCompletions) {
      Batch batch = iteration.batch();
      for (int i = 0; i < batch.size(); i++) {
        RequestProgress request = batch.request(i);
        if (request.completed() && request.endSeconds() == atSeconds) {
          for (ConditionWatch watch : watches) {
            watch.completed(request);
          }
        }
      }
    }
    advance(atSeconds);
  }

  @Override
  public boolean wantsTokens() {
    return wantsTokens;
  }

  @Override
  public void token(int request, double atSeconds) {
    if (!wantsTokens) {
      return;
    }
    double gap = atSeconds - lastTokenSeconds[request];
    lastTokenSeconds[request] = atSeconds;
    if (!Double.isNaN(gap)) {
      for (ConditionWatch watch : watches) {
        watch.gap(gap);
      }
    }
  }

  private void advance(double now) {
    nowSeconds = now;
    for (ConditionWatch watch : watches) {
      watch.advance(now);
      lost |= watch.isLost();
    }
  }

  @Override
  public boolean wantsMore() {
    return !(endsEarly && lost);
  }

  /** Whether it was ended before all was done, or could have been. */
  public boolean isHopeless() {
    return lost;
  }

  /** When it last heard of the run, in simulated seconds. */
  public double nowSeconds() {
    return nowSeconds;
  }

  /** The verdict, once the run has ended. */
  public boolean isMet() {
    if (endsEarly && lost) {
      return false;
    }
    boolean met = true;
    for (ConditionWatch watch : watches) {
      met &= watch.isMet();
    }
    return met;
  }
}
