package io.plumbline.jobs.original;

import io.plumbline.files.BadInputException;
import io.plumbline.files.run.RunFolder.LoadedRun;
import io.plumbline.jobs.ingest.Findings;
import io.plumbline.jobs.ingest.GaugeReading;
import io.plumbline.jobs.ingest.ImportedRun;
import io.plumbline.jobs.ingest.Importer;
import io.plumbline.jobs.ingest.Part;
import io.plumbline.jobs.table.EngineStepRow;
import io.plumbline.jobs.table.KernelTiming;
import io.plumbline.jobs.table.MicrobenchmarkRow;
import io.plumbline.jobs.table.OperatorTiming;
import io.plumbline.jobs.table.SummaryMetric;
import io.plumbline.jobs.table.SummaryPoint;
import java.nio.file.Path;
import java.util.List;

/**
 * The one run that an original leaves in a folder; whatever else its importer finds is not kept.
 */
final class OneRun implements Findings {
  private LoadedRun run;

  private OneRun() {}

  static LoadedRun in(Path folder, Importer importer) {
    List<Part> parts = importer.parts(folder);
    if (parts.size() != 1) {
      throw new BadInputException(
          "it left %d results, not 1: %s".formatted(parts.size(), importer.fileNames()));
    }
    OneRun found = new OneRun();
    importer.read(parts.get(0), found);
    if (found.run == null) {
      throw new BadInputException("its results have no requests");
    }
    return found.run;
  }

  @Override
  public void run(ImportedRun imported) {
    run = imported.run();
  }

  @Override
  public void summary(SummaryPoint point, SummaryMetric metric, String statistic, double value) {}

  @Override
  public void summary(
      SummaryPoint point, String metric, String statistic, String unit, double value) {}

  @Override
  public void operator(OperatorTiming timing, double timeNs) {}

  @Override
  public void kernel(KernelTiming timing) {}

  @Override
  public void microbenchmark(MicrobenchmarkRow row) {}

  @Override
  public void step(EngineStepRow step) {}

  @Override
  public void gauge(GaugeReading reading) {}
}
