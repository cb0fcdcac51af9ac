package io.plumbline.trace.run;

import java.io.Serializable;

/**
 * How much of a replica or stage was in use over a run, in percent.
 *
 * @param replica replica, from 0
 * @param stage pipeline stage, from 0; null if it is of the whole replica
 * @param minPercent lowest value that it had
 * @param maxPercent highest value that it had
 * @param meanPercent mean over time, from the first arrival to the end of the run
 */
public record Utilization(
    int replica,
    Integer stage,
    UtilizationMetric metric,
    double minPercent,
    double maxPercent,
    double meanPercent)
    implements Serializable {}
