package io.plumbline.jobs.card;

import io.plumbline.files.accelsim.GpuConfiguration;
import io.plumbline.files.workload.PathResolver;
import io.plumbline.simulator.latency.PredictorSpec;
import io.plumbline.simulator.latency.TraceSmSpec;
import io.plumbline.simulator.sm.SmGpu;
import io.plumbline.trace.program.Dialect;
import java.nio.file.Path;

/** GPUs for cycle-level simulation, from folders of Accel-Sim's configuration files. */
public final class GpuFolder {
  private GpuFolder() {}

  /** The GPU of a folder, by whose name it is called. */
  public static SmGpu read(Path folder) {
    return new SmGpu(
        folder.toAbsolutePath().normalize().getFileName().toString(),
        GpuConfiguration.read(folder),
        Dialect.of(GpuConfiguration.computeCapabilityMajor(folder)));
  }

  /** A predictor whose GPU is a folder gets what its files say. */
  public static PredictorSpec described(PredictorSpec predictor, PathResolver paths) {
    if (predictor instanceof TraceSmSpec sm && sm.gpu() != null) {
      return sm.describedBy(read(paths.resolve(sm.gpu())));
    }
    return predictor;
  }
}
