package io.plumbline.jobs.sweep;

import io.plumbline.simulator.Recording;
import io.plumbline.simulator.latency.OperatorProfile;
import io.plumbline.trace.workload.Workload;
import java.util.List;
import java.util.Map;

/**
 * A sweep that is valid as a whole.
 *
 * @param name of the sweep
 * @param points what to run, each once
 * @param duplicates points that were left out because another one is the same
 * @param excluded points that the file excludes
 * @param recording how much to keep of each run
 * @param workloads by id
 * @param profiles by {@link SweepPoint#profileHashes()}
 */
public record SweepPlan(
    String name,
    List<SweepPoint> points,
    int duplicates,
    int excluded,
    Recording recording,
    Map<String, Workload> workloads,
    Map<String, OperatorProfile> profiles) {}
