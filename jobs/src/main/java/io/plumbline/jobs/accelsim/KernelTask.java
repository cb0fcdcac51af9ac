package io.plumbline.jobs.accelsim;

import io.plumbline.files.BadInputException;
import io.plumbline.jobs.table.KernelTiming;
import io.plumbline.jobs.table.SourceRow;
import io.plumbline.jobs.table.SourceWriter;
import io.plumbline.jobs.table.Table;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/** One run on an executor, from the trace to the tables. */
record KernelTask(String resultsDir, KernelMeter meter) implements Serializable {
  private static final String LOGS = "_accelsim";

  /** Why a run gave nothing; message is null if it did. */
  record Outcome(String run, String message) implements Serializable {}

  /**
   * Simulates and writes. A run that did not complete is in {@code kernel_timing} with what became
   * of it, and has no row in {@code source}, which is the mark of one that is done.
   */
  Outcome run(KernelRun run, BooleanSupplier unwanted) {
    try (ScratchFolder scratch = new ScratchFolder(run)) {
      if (run.engine() == KernelEngine.TRACE_SM) {
        write(run, List.of(OwnKernel.run(run, scratch, meter)), true);
        return new Outcome(run.describe(), null);
      }
      Path log = scratch.file("run.log.xz");
      OriginalKernel.Result result = new OriginalKernel(run, meter).run(scratch, log, unwanted);
      keep(log, run.id());
      write(run, result.kernels(), result.completed());
      return new Outcome(run.describe(), result.completed() ? null : result.message());
    } catch (BadInputException e) {
      return new Outcome(run.describe(), e.getMessage());
    }
  }

  private void keep(Path log, String id) {
    try {
      org.apache.hadoop.fs.Path folder = new org.apache.hadoop.fs.Path(resultsDir, LOGS);
      FileSystem files = folder.getFileSystem(new Configuration());
      files.mkdirs(folder);
      files.copyFromLocalFile(
          false,
          true,
          new org.apache.hadoop.fs.Path(log.toUri()),
          new org.apache.hadoop.fs.Path(folder, id + ".log.xz"));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot keep the log of " + id, e);
    }
  }

  private void write(KernelRun run, List<KernelTiming> kernels, boolean completed) {
    try (SourceWriter source = new SourceWriter(resultsDir, run.id())) {
      for (KernelTiming kernel : kernels) {
        source.write(Table.KERNEL_TIMING, kernel.device(run.device()).row(run.id()));
      }
      source.publish(completed ? row(run, source.rows(Table.KERNEL_TIMING)) : null);
    }
  }

  private static SourceRow row(KernelRun run, long kernels) {
    return new SourceRow(
        run.id(),
        run.engine().tool(),
        run.describe(),
        run.file(),
        null,
        null,
        0,
        0,
        kernels,
        0,
        0,
        0);
  }
}
