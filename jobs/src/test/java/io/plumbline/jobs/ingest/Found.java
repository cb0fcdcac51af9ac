package io.plumbline.jobs.ingest;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.files.BadInputException;
import io.plumbline.jobs.table.EngineStepRow;
import io.plumbline.jobs.table.KernelTiming;
import io.plumbline.jobs.table.KernelTimingRow;
import io.plumbline.jobs.table.MicrobenchmarkRow;
import io.plumbline.jobs.table.OperatorTiming;
import io.plumbline.jobs.table.OperatorTimingRow;
import io.plumbline.jobs.table.RunSummaryRow;
import io.plumbline.jobs.table.SummaryMetric;
import io.plumbline.jobs.table.SummaryPoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Everything that an importer finds at a path, and the small files that it finds it in. */
final class Found implements Findings {
  final List<ImportedRun> runs = new ArrayList<>();
  final List<RunSummaryRow> summaries = new ArrayList<>();
  final List<OperatorTimingRow> operators = new ArrayList<>();
  final List<KernelTimingRow> kernels = new ArrayList<>();
  final List<MicrobenchmarkRow> microbenchmarks = new ArrayList<>();
  final List<EngineStepRow> steps = new ArrayList<>();
  final List<GaugeReading> gauges = new ArrayList<>();

  static Found at(Path path, Importer importer) {
    Found found = new Found();
    for (Part part : importer.parts(path)) {
      importer.read(part, found);
    }
    return found;
  }

  static Path file(Path folder, String name, String... lines) {
    try {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      return Files.writeString(file, lines.length == 0 ? "" : String.join("\n", lines) + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void assertBadInput(Path path, Importer importer, String message) {
    assertThatThrownBy(() -> at(path, importer))
        .isInstanceOf(BadInputException.class)
        .hasMessage(message);
  }

  /** The value of a point's metric; there must be one. */
  double value(String point, String metric, String statistic) {
    List<RunSummaryRow> rows =
        summaries.stream()
            .filter(
                row ->
                    row.point().equals(point)
                        && row.metric().equals(metric)
                        && row.statistic().equals(statistic))
            .toList();
    if (rows.size() != 1) {
      throw new AssertionError("%d rows of %s %s".formatted(rows.size(), metric, statistic));
    }
    return rows.get(0).value();
  }

  @Override
  public void run(ImportedRun run) {
    run.run().trace().requireAccountsFor(run.run().workload());
    runs.add(run);
  }

  @Override
  public void summary(SummaryPoint point, SummaryMetric metric, String statistic, double value) {
    summaries.add(point.row("s1", metric, statistic, value));
  }

  @Override
  public void summary(
      SummaryPoint point, String metric, String statistic, String unit, double value) {
    summaries.add(point.row("s1", metric, statistic, unit, value));
  }

  @Override
  public void operator(OperatorTiming timing, double timeNs) {
    operators.add(timing.row("s1", timeNs));
  }

  @Override
  public void kernel(KernelTiming timing) {
    kernels.add(timing.row("s1"));
  }

  @Override
  public void microbenchmark(MicrobenchmarkRow row) {
    microbenchmarks.add(row);
  }

  @Override
  public void step(EngineStepRow step) {
    steps.add(step);
  }

  @Override
  public void gauge(GaugeReading reading) {
    gauges.add(reading);
  }
}
