package io.plumbline.jobs.search;

import io.plumbline.simulator.capacity.LatencyMetric;
import io.plumbline.simulator.capacity.LatencyRecorder;
import io.plumbline.simulator.cluster.Cluster;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;
import org.apache.commons.math3.stat.descriptive.rank.Percentile.EstimationType;

/**
 * What a run at capacity is like; percentiles exact, linearly interpolated, null without values.
 */
record CapacityLatencies(
    double tokensPerSecond,
    Double schedulingDelayP99Ns,
    Double ttftP50Ns,
    Double ttftP90Ns,
    Double ttftP99Ns,
    Double tbtP50Ns,
    Double tbtP99Ns,
    Double tpotP99Ns,
    Double e2eP50Ns,
    Double e2eP99Ns) {
  private static final double NANOS_PER_SECOND = 1e9;

  static CapacityLatencies of(LatencyRecorder recorder, Cluster cluster) {
    double[] delay = recorder.seconds(LatencyMetric.SCHEDULING_DELAY, cluster);
    double[] ttft = recorder.seconds(LatencyMetric.TTFT, cluster);
    double[] tbt = recorder.seconds(LatencyMetric.TBT, cluster);
    double[] tpot = recorder.seconds(LatencyMetric.TPOT, cluster);
    double[] e2e = recorder.seconds(LatencyMetric.E2E, cluster);
    return new CapacityLatencies(
        LatencyRecorder.tokensPerSecond(cluster),
        nanos(delay, 99),
        nanos(ttft, 50),
        nanos(ttft, 90),
        nanos(ttft, 99),
        nanos(tbt, 50),
        nanos(tbt, 99),
        nanos(tpot, 99),
        nanos(e2e, 50),
        nanos(e2e, 99));
  }

  private static Double nanos(double[] seconds, double percentile) {
    return seconds.length == 0
        ? null
        : (Double)
            (new Percentile(percentile).withEstimationType(EstimationType.R_7).evaluate(seconds)
                * NANOS_PER_SECOND);
  }
}
