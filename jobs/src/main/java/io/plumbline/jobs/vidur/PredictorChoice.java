package io.plumbline.jobs.vidur;

/** Which of Plumbline's predictors stands for Vidur's. */
public enum PredictorChoice {
  /** Regressions trained on Vidur's profiles, as Vidur trains them. */
  LEARNED,
  /** The same profiles, interpolated. */
  PROFILED,
  /** Cards alone; needs no profiles. */
  ROOFLINE
}
