package io.plumbline.jobs.sweep;

import io.plumbline.files.Json;
import io.plumbline.jobs.table.RunTags;
import io.plumbline.simulator.SimulationSpec;
import java.io.Serializable;
import java.util.List;

/**
 * One run to make: what travels to an executor.
 *
 * @param runId hash of everything that determines the result
 * @param spec what to simulate
 * @param workloadId the workload, which travels apart because many points share it
 * @param profileHashes content of the measured profiles that each pool uses; null where it uses
 *     none
 * @param seed seed of the workload; null if it is a trace
 * @param axesJson the values that vary in the sweep, as a JSON object
 * @param tags what helps to find the run
 */
public record SweepPoint(
    String runId,
    SimulationSpec spec,
    String workloadId,
    List<String> profileHashes,
    Long seed,
    String axesJson,
    RunTags tags)
    implements Serializable {

  /** Of the first pool: most clusters have one. */
  public String profileHash() {
    return profileHashes.get(0);
  }

  /** The specification as JSON, made anew: with it a large sweep would be mostly text. */
  public String specJson() {
    return Json.write(spec);
  }
}
