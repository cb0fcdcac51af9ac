package io.plumbline.reference.profiling;

import io.plumbline.reference.serving.ModelExecutor;

/** A model on a device whose operators can be timed one by one. */
public interface OperatorTimer extends ModelExecutor {

  /** Runs the prepared batch and times its operators; may be called again and again. */
  OperatorNanos operatorNanos();
}
