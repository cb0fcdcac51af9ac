package io.plumbline.jobs.vidur;

import io.plumbline.files.vidur.VidurConfig;
import io.plumbline.simulator.SimulationSpec;
import io.plumbline.trace.workload.Workload;
import io.plumbline.trace.workload.vidur.VidurRequests;

/**
 * A setup of Vidur as the simulator takes it.
 *
 * @param requests what arrives, unrounded
 * @param metrics what Vidur would write down of the run
 */
public record VidurSimulation(
    SimulationSpec spec, VidurRequests requests, VidurConfig.Metrics metrics) {

  /** The requests with arrivals in whole nanoseconds. */
  public Workload workload() {
    return requests.workload();
  }

  /** Exact arrivals by request id, in seconds from 0. */
  public double[] arrivalSeconds() {
    return requests.arrivalSeconds();
  }
}
