package io.plumbline.jobs.sweep;

/** Why a point that says nothing wrong cannot run. */
public enum Misfit {
  /** Its model, its parallelism and its requests do not go together on its devices. */
  MEMORY("do not fit their devices"),
  /** Nobody measured its model on its device, or the files are not here. */
  PROFILE("lack a profile"),
  /** The files of its requests are not here. */
  WORKLOAD("lack their workload");

  private final String verb;

  Misfit(String verb) {
    this.verb = verb;
  }

  /** What several such points do, e.g. "lack a profile". */
  public String verb() {
    return verb;
  }
}
