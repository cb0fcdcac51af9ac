package io.plumbline.jobs.ingest;

import io.plumbline.files.run.RunFolder.LoadedRun;
import java.util.List;

/**
 * A run as an importer found it.
 *
 * @param name what the source calls it; null if the part is the run
 * @param deployment replicas and parallelism
 * @param gauges readings of gauges while it ran; empty if there are none
 */
public record ImportedRun(
    String name, LoadedRun run, Deployment deployment, List<GaugeReading> gauges) {

  public ImportedRun {
    gauges = List.copyOf(gauges);
  }

  /**
   * What ran, as far as the source says.
   *
   * @param scheduler replica scheduler; null if unknown
   * @param predictor execution time predictor; null if measured or unknown
   * @param replicas replicas of the model; null if unknown
   * @param tensorParallel devices that share each layer; null if unknown
   * @param pipelineParallel pipeline stages; null if unknown
   */
  public record Deployment(
      String scheduler,
      String predictor,
      Integer replicas,
      Integer tensorParallel,
      Integer pipelineParallel) {

    /** Nothing is known. */
    static final Deployment UNKNOWN = new Deployment(null, null, null, null, null);
  }
}
