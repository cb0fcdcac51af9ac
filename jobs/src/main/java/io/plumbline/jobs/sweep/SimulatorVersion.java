package io.plumbline.jobs.sweep;

import io.plumbline.files.CodeVersion;
import io.plumbline.simulator.Simulator;
import io.plumbline.trace.Sha256;

/**
 * Version of the code that determines a simulated result: all of {@code trace}, {@code simulator}.
 */
final class SimulatorVersion {
  static final String VALUE = CodeVersion.of(Sha256.class, Simulator.class);

  private SimulatorVersion() {}
}
