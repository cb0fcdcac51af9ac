package io.plumbline.jobs.accelsim;

import io.plumbline.files.accelsim.AccelSimLog;
import io.plumbline.files.accelsim.AccelSimLogParser;
import io.plumbline.files.accelsim.KernelOutcome;
import io.plumbline.files.accelsim.KernelTraceFile;
import io.plumbline.jobs.ingest.AccelSimKernels;
import io.plumbline.jobs.process.Ended;
import io.plumbline.jobs.process.ProcessRun;
import io.plumbline.jobs.table.KernelTiming;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/**
 * A kernel in Accel-Sim itself. The log is read while it is printed and kept whole but for the line
 * that it prints for each thread block, which serves as progress.
 */
final class OriginalKernel {
  private static final String BLOCK = "thread block = ";
  private static final int XZ_PRESET = 3;

  private final KernelRun run;
  private final KernelMeter meter;

  /**
   * What came of it.
   *
   * @param kernels rows; more than one only if something is lost
   */
  record Result(List<KernelTiming> kernels, boolean completed, String message) {}

  OriginalKernel(KernelRun run, KernelMeter meter) {
    this.run = run;
    this.meter = meter;
  }

  /**
   * Runs it.
   *
   * @param log where the raw log goes, compressed by xz
   */
  Result run(ScratchFolder scratch, Path log, BooleanSupplier unwanted) {
    AccelSimLogParser parser = new AccelSimLogParser();
    KernelMeter.OfRun progress = meter.new OfRun(run.weight(), blocks());
    List<String> contradiction = new ArrayList<>();
    Ended ended;
    try (BufferedWriter raw =
        new BufferedWriter(
            new OutputStreamWriter(
                new XZOutputStream(Files.newOutputStream(log), new LZMA2Options(XZ_PRESET)),
                StandardCharsets.UTF_8))) {
      ended =
          new ProcessRun(command(scratch), scratch.path(), Map.of(), run.limits())
              .run(
                  scratch.file("stderr"),
                  line -> take(line, parser, progress, raw, contradiction),
                  unwanted);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot keep the log " + log, e);
    }
    progress.ended(parser.simulatedCycles(), parser.warpInstructions());
    return result(parser.log(), ended, contradiction);
  }

  private List<String> command(ScratchFolder scratch) {
    return List.of(
        run.program(),
        "-trace",
        scratch.list(run).toString(),
        "-config",
        scratch.file("gpgpusim.config").toString(),
        "-config",
        scratch.file("trace.config").toString());
  }

  private long blocks() {
    try (KernelTraceFile trace = new KernelTraceFile(Path.of(run.trace()))) {
      return trace.header().ctas();
    }
  }

  private static void take(
      String line,
      AccelSimLogParser parser,
      KernelMeter.OfRun progress,
      BufferedWriter raw,
      List<String> contradiction) {
    if (line.startsWith(BLOCK)) {
      progress.blockStarted();
      return;
    }
    try {
      raw.write(line);
      raw.newLine();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot keep the log", e);
    }
    if (contradiction.isEmpty()) {
      try {
        parser.take(line.strip());
      } catch (IllegalArgumentException e) {
        contradiction.add(e.getMessage());
      }
    }
  }

  private Result result(AccelSimLog log, Ended ended, List<String> contradiction) {
    KernelOutcome outcome = null;
    String message = null;
    if (ended.killed() != null) {
      outcome = KernelOutcome.KILLED;
      message = ended.message();
    } else if (!contradiction.isEmpty()) {
      outcome = KernelOutcome.TORN;
      message = contradiction.get(0);
    } else if (!ended.clean() && log.problem() == null) {
      // Whole results of a process that complains at its end are still not to be trusted blindly.
      outcome = KernelOutcome.CRASHED;
      message = ended.message();
    } else if (log.problem() != null) {
      outcome = ended.clean() ? log.lost().outcome() : crashed(log);
      message = "%s; %s".formatted(log.problem(), ended.message());
    }
    List<KernelTiming> kernels = new ArrayList<>();
    new AccelSimKernels(run.variant(), run.application())
        .read(log, outcome, message, kernel -> kernels.add(kernel.position(run.position())));
    return new Result(kernels, outcome == null, message);
  }

  /** A refusal and a deadlock end with a status as well; what the log says of them is more. */
  private static KernelOutcome crashed(AccelSimLog log) {
    return switch (log.lost().outcome()) {
      case TORN, TRUNCATED -> KernelOutcome.CRASHED;
      default -> log.lost().outcome();
    };
  }
}
