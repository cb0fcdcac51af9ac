package io.plumbline.jobs.table;

import java.io.Serializable;

/**
 * What helps to find a run in SQL and does not determine its result.
 *
 * @param label name a person gave the run; null if none
 * @param sweep name of the sweep; null if the run is not a point of one
 * @param scheduler replica scheduler; null if unknown
 * @param predictor execution time predictor; null if measured or unknown
 * @param replicas replicas of the model; null if unknown
 * @param tensorParallel devices that share each layer; null if unknown
 * @param pipelineParallel pipeline stages; null if unknown
 * @param axesJson the values that vary in the sweep, as a JSON object; null without a sweep
 */
public record RunTags(
    String label,
    String sweep,
    String scheduler,
    String predictor,
    Integer replicas,
    Integer tensorParallel,
    Integer pipelineParallel,
    String axesJson)
    implements Serializable {

  /** No tags at all. */
  public static final RunTags NONE = labelled(null);

  /** A label, which may be null, and nothing else. */
  public static RunTags labelled(String label) {
    return new RunTags(label, null, null, null, null, null, null, null);
  }
}
