package io.plumbline.reference;

import io.plumbline.reference.replay.PreparedRun;
import io.plumbline.trace.model.ModelSpec;
import io.plumbline.trace.workload.Workload;

/**
 * What serves a real run, and how; what it runs (the model) and serves (the workload) stand beside
 * it. The key {@code kind} of a file selects one of these records, each of which makes its own run.
 */
public sealed interface EngineSpec permits DjlPytorchSpec, OpenaiSpec {

  /** Seed of whatever is drawn: weights, prompts. */
  int seed();

  /** Requests served before the clock starts; they are not in the trace. */
  int warmupRequests();

  /**
   * Makes the run ready to start.
   *
   * @throws IllegalArgumentException or BadInputException if it cannot serve this
   */
  PreparedRun prepare(ModelSpec model, Workload workload);
}
