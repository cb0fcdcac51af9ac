package io.plumbline.jobs.accelsim;

import io.plumbline.jobs.process.Limits;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.Map;

/**
 * One kernel trace on one configuration: a task.
 *
 * @param id content hash of all that determines the result
 * @param file what the runs are named together
 * @param program executable of Accel-Sim; null if the engine is none
 * @param trace the trace's file
 * @param application program and arguments, or the name of the trace's folder
 * @param position of the kernel in its list, from 1
 * @param configuration folder of the configuration
 * @param overrides options by name, without their dash
 * @param device null if not said
 * @param weight bytes of the trace, by which progress is counted
 */
record KernelRun(
    String id,
    String file,
    KernelEngine engine,
    String program,
    String trace,
    String application,
    int position,
    String configuration,
    Map<String, String> overrides,
    String device,
    Limits limits,
    long weight)
    implements Serializable {

  /** The configuration's name and what was changed in it. */
  String variant() {
    StringBuilder name = new StringBuilder(String.valueOf(Path.of(configuration).getFileName()));
    overrides.forEach((option, value) -> name.append(' ').append(option).append('=').append(value));
    return name.toString();
  }

  /** For people. */
  String describe() {
    return "%s, %s, kernel %d on %s".formatted(engine.tool(), application, position, variant());
  }
}
