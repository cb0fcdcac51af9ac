package io.plumbline.jobs.table;

import java.io.Serializable;

/**
 * What helps to find a run in SQL and does not determine its result.
 *
 * @param label name a person gave the run; null if none
 * @param scheduler replica scheduler; null if unknown
 * @param predictor execution time predictor; null if measured or unknown
 * @param replicas replicas of the model; null if unknown
 * @param tensorParallel devices that share each layer; null if unknown
 * @param pipelineParallel pipeline stages; null if unknown
 * @param recording how much of a simulated run is kept; null if something else made it
 */
public record RunTags(
    String label,
    String scheduler,
    String predictor,
    Integer replicas,
    Integer tensorParallel,
    Integer pipelineParallel,
    String recording)
    implements Serializable {

  /** No tags at all. */
  public static final RunTags NONE = labelled(null);

  /** A label, which may be null, and nothing else. */
  public static RunTags labelled(String label) {
    return new RunTags(label, null, null, null, null, null, null);
  }
}
