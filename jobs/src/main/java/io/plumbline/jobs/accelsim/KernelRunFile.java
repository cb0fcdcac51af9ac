package io.plumbline.jobs.accelsim;

import io.plumbline.files.conf.ConfNode;
import io.plumbline.jobs.process.Limits;
import java.util.List;
import java.util.Map;

/**
 * Traces × configurations × overrides × engines, as a file has them; docs/simulators/accel-sim.md
 * has its form.
 *
 * @param name of the whole, in {@code source}
 * @param engine what simulates
 * @param program the executable of Accel-Sim, best the one that its bootstrap makes
 * @param traces folders with a {@code kernelslist.g}, or such lists
 * @param configurations folders with {@code gpgpusim.config} and {@code trace.config}
 * @param overrides options without their dash, and their values, each a variant of every
 *     configuration; an empty mapping is the configuration as it is
 * @param device the device that is simulated, to be held against its counters; null for none
 * @param limits of each process
 */
record KernelRunFile(
    String name,
    List<KernelEngine> engine,
    String program,
    List<String> traces,
    List<String> configurations,
    List<ConfNode> overrides,
    ConfNode device,
    Limits limits) {

  static Map<String, Object> defaultValues() {
    return Map.of(
        "engine", List.of(KernelEngine.ACCEL_SIM),
        "program", "extern/accel-sim/run",
        "overrides", List.of(ConfNode.parse("default", "{}")),
        "device", ConfNode.parse("default", "null"),
        "limits", Limits.defaults());
  }
}
