package io.plumbline.jobs.original;

import io.plumbline.jobs.ingest.Importer;
import io.plumbline.simulator.SimulationSpec;
import io.plumbline.trace.workload.Workload;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A simulator of others that a sweep may name as a system. Its {@code bootstrap.sh} leaves an
 * executable {@code run} in its folder below {@code extern}; what that is given, and what it leaves
 * in the folder where it runs, is said here.
 */
interface Original {
  /** As {@code run.engine} has it, e.g. {@code vidur (original)}. */
  String engine();

  /** Its folder below {@code extern}. */
  String folder();

  /** The commit that its bootstrap checks out. */
  String commit();

  /** Of its code; null if it states none. */
  String licence();

  /** How far its arrivals may be from ours, by the digits that it reads and writes. */
  long toleranceNanos();

  /** Reads what it leaves. */
  Importer importer();

  /**
   * Writes its input and gives its arguments.
   *
   * @param scratch where it will run, and leave its output
   * @throws IllegalArgumentException if it cannot express the point, saying why
   */
  List<String> prepare(SimulationSpec point, Workload workload, Path scratch) throws IOException;
}
